import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PREFIX = 'async-http-emulator-';
/** The last processes may still be on their way out, slowly where they have little CPU. */
const REMOVE_ATTEMPTS = 100;
const REMOVE_PAUSE_MS = 20;

const tidiedUp = new Set<string>();
let count = 0;

/** Names one environment's groups in every hierarchy; with the emulator's pid, so that a killed one's can be removed. */
export function nextCgroupName(): string {
  return `${PREFIX}${process.pid}-${++count}`;
}

/** A control group with limits, in one hierarchy of the machine. */
export class Cgroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * With cgroup v2 all limits of an environment are in one group: it may be there already.
   *
   * @param limits contents of its files, written in this order
   * @throws {Error} the system's, where the machine does not allow it.
   */
  static async create(
    parent: string,
    name: string,
    limits: Readonly<Record<string, string>>,
  ): Promise<Cgroup> {
    if (!tidiedUp.has(parent)) await removeAbandoned(parent);
    tidiedUp.add(parent);
    const folder = join(parent, name);
    const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
    try {
      for (const [file, value] of Object.entries(limits)) {
        await writeFile(join(folder, file), value);
      }
    } catch (error) {
      if (isNew) await rmdir(folder).catch(() => {});
      throw error;
    }
    return new Cgroup(folder);
  }

  /** Writing `0` there moves the writer into the group. */
  get procsFile(): string {
    return join(this.#folder, 'cgroup.procs');
  }

  /** Content of one of its files; empty where there is none. */
  read(file: string): Promise<string> {
    return readFile(join(this.#folder, file), 'utf8').catch(() => '');
  }

  async remove(): Promise<void> {
    for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
      if (await isRemoved(this.#folder)) return;
      await delay(REMOVE_PAUSE_MS);
    }
  }
}

async function isRemoved(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}

/** Groups of emulators that were killed. Only empty ones can be removed, so nobody loses one in use. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
    if (pid && !isAlive(pid)) await isRemoved(join(parent, name));
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
