import { type Cgroup, nextCgroupName } from './cgroup.ts';
import { limitCpu } from './cpu-limit.ts';
import { limitMemory, type MemoryLimit } from './memory-limit.ts';

/** The limits of all processes of one environment. */
export class EnvironmentCgroups {
  readonly #memory: MemoryLimit | undefined;
  readonly #groups: readonly Cgroup[];

  private constructor(memory: MemoryLimit | undefined, cpu: Cgroup | undefined) {
    this.#memory = memory;
    this.#groups = [memory?.group, cpu].filter((group) => group !== undefined);
  }

  /** Memory is limited where the machine allows it; CPU only if that is asked for, and then it must. */
  static async create(limits: {
    memoryMiB?: number;
    cpuCores: number | undefined;
  }): Promise<EnvironmentCgroups> {
    const { memoryMiB, cpuCores } = limits;
    const name = nextCgroupName();
    const memory = memoryMiB === undefined ? undefined : await limitMemory(name, memoryMiB);
    try {
      const cpu = cpuCores === undefined ? undefined : await limitCpu(name, cpuCores);
      return new EnvironmentCgroups(memory, cpu);
    } catch (error) {
      await memory?.group.remove();
      throw error;
    }
  }

  /** A process belongs to the environment when it has written `0` to each; its children then do too. */
  get procsFiles(): readonly string[] {
    return [...new Set(this.#groups.map(({ procsFile }) => procsFile))];
  }

  /** See `MemoryLimit`. */
  async peakMiB(): Promise<number | undefined> {
    return this.#memory?.peakMiB();
  }

  async remove(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.remove()));
  }
}
