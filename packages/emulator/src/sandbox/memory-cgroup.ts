import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MIB = 1024 * 1024;
const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';

const PREFIX = 'async-http-emulator-';

let count = 0;
let hasTidiedUp = false;

/** Limits and measures the memory of all processes of an environment, where we may create cgroups. */
export class MemoryCgroup {
  readonly #folder: string;
  readonly #isV1: boolean;

  private constructor(folder: string, isV1: boolean) {
    this.#folder = folder;
    this.#isV1 = isV1;
  }

  /** Undefined where the machine does not allow it. */
  static async create(limitMiB: number): Promise<MemoryCgroup | undefined> {
    const isV1 = await exists(join(V1, 'memory.limit_in_bytes'));
    const parent = isV1 ? V1 : V2;
    if (!hasTidiedUp) await removeAbandoned(parent);
    hasTidiedUp = true;
    const folder = join(parent, `${PREFIX}${process.pid}-${++count}`);
    try {
      await mkdir(folder);
      await writeFile(
        join(folder, isV1 ? 'memory.limit_in_bytes' : 'memory.max'),
        String(limitMiB * MIB),
      );
      return new MemoryCgroup(folder, isV1);
    } catch {
      await rmdir(folder).catch(() => {});
      return undefined;
    }
  }

  /** Writing `0` there moves the writer into the group. */
  get procsFile(): string {
    return join(this.#folder, 'cgroup.procs');
  }

  async peakMiB(): Promise<number | undefined> {
    const file = this.#isV1 ? 'memory.max_usage_in_bytes' : 'memory.peak';
    const bytes = Number(await this.#read(file));
    return Number.isFinite(bytes) && bytes > 0 ? Math.ceil(bytes / MIB) : undefined;
  }

  async remove(): Promise<void> {
    // The last process may still be on its way out.
    for (let attempt = 0; attempt < 10; attempt++) {
      const isGone = await rmdir(this.#folder).then(
        () => true,
        () => false,
      );
      if (isGone) return;
      await delay(20);
    }
  }

  #read(file: string): Promise<string> {
    return readFile(join(this.#folder, file), 'utf8').catch(() => '');
  }
}

/** Groups of emulators that were killed. Only empty ones can be removed, so nobody loses one in use. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
    if (pid && !isAlive(pid)) await rmdir(join(parent, name)).catch(() => {});
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
