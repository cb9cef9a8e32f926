import { mkdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MIB = 1024 * 1024;
const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';

let count = 0;

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
    const name = `async-http-emulator-${process.pid}-${++count}`;
    const folder = join(isV1 ? V1 : V2, name);
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

  async outOfMemoryKills(): Promise<number> {
    const content = await this.#read(this.#isV1 ? 'memory.oom_control' : 'memory.events');
    return Number(/^oom_kill (\d+)/m.exec(content)?.[1] ?? 0);
  }

  async remove(): Promise<void> {
    await rmdir(this.#folder).catch(() => {});
  }

  #read(file: string): Promise<string> {
    return readFile(join(this.#folder, file), 'utf8').catch(() => '');
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
