import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Waits for its stdin to end, which it does with the emulator, however that dies, and then removes
 * the folder $1. In this shell's view of the file system the mount points are empty folders; should
 * one not be, nothing is deleted: the way would lead into the machine's own tree.
 */
const GUARD = `
while read -r line; do :; done
folder=$1
for root in "$folder"/*/root; do
  rmdir "$root" 2>/dev/null
  [ ! -e "$root" ] || exit
done
rm -rf "$folder"
`;

/**
 * A socket's path has room for 103 bytes on macOS, of which what an environment has below this takes
 * up to 70. macOS's own TMPDIR, below /var/folders, is longer.
 */
const MAX_PARENT_LENGTH = 32;

/** A folder for everything that a function needs on disk; goes with this process at the latest. */
export class WorkFolder {
  readonly path: string;
  readonly #guard: ChildProcess;

  private constructor(path: string) {
    this.path = path;
    this.#guard = spawn('sh', ['-c', GUARD, 'async-http-emulator-guard', path], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#guard.on('error', () => {});
    this.#guard.stdin?.on('error', () => {});
    // It must not keep this process alive.
    this.#guard.unref();
    (this.#guard.stdin as unknown as { unref(): void } | null)?.unref();
  }

  static async create(): Promise<WorkFolder> {
    return new WorkFolder(await mkdtemp(join(await parentFolder(), 'async-http-emulator-')));
  }

  /** Removes it, unless an environment could not be taken apart. */
  async remove(): Promise<void> {
    const roots = (await readdir(this.path)).map((entry) => join(this.path, entry, 'root'));
    const areGone = await Promise.all(roots.map(isGone));
    if (areGone.every(Boolean)) await rm(this.path, { recursive: true, force: true });
    this.#guard.stdin?.end();
  }
}

/** Environments without their own file system have sockets in here, whose paths must be short. */
async function parentFolder(): Promise<string> {
  const usual = await realpath(tmpdir());
  return usual.length > MAX_PARENT_LENGTH ? realpath('/tmp') : usual;
}

async function isGone(mountPoint: string): Promise<boolean> {
  return rmdir(mountPoint).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  );
}
