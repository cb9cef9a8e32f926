import { mkdtemp, readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'async-http-emulator-';
const A_DAY_MS = 24 * 60 * 60 * 1_000;

/** Folder for everything that a function needs on disk; named after this process. */
export async function createWorkFolder(): Promise<string> {
  const parent = await realpath(tmpdir());
  await removeAbandoned(parent).catch(() => {});
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
}

/** Removes it, unless an environment could not be taken apart: its mounts must not be deleted through. */
export async function removeWorkFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const root = join(folder, entry, 'root');
    const isRemovable = await rmdir(root).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
    );
    if (!isRemovable) return;
  }
  await rm(folder, { recursive: true, force: true });
}

/** What emulators have left behind that were killed at least a day ago. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
    if (!pid || isAlive(pid)) continue;
    const folder = join(parent, name);
    if (Date.now() - (await stat(folder)).mtimeMs > A_DAY_MS) await removeWorkFolder(folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
