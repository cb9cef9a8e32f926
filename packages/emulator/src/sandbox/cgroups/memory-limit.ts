import { Cgroup } from './cgroup.ts';
import { hierarchyOf } from './hierarchy.ts';

const MIB = 1024 * 1024;

/** Limits and measures the memory of all processes in the group. */
export interface MemoryLimit {
  readonly group: Cgroup;
  /** The most they have used at once; undefined where the kernel does not say. */
  peakMiB(): Promise<number | undefined>;
}

/** Undefined where the machine does not allow it. */
export async function limitMemory(name: string, mib: number): Promise<MemoryLimit | undefined> {
  const { isV1, parent } = hierarchyOf('memory');
  const limits = { [isV1 ? 'memory.limit_in_bytes' : 'memory.max']: String(mib * MIB) };
  const group = await Cgroup.create(parent, name, limits).catch(() => undefined);
  if (!group) return undefined;
  return {
    group,
    async peakMiB() {
      const bytes = Number(await group.read(isV1 ? 'memory.max_usage_in_bytes' : 'memory.peak'));
      return Number.isFinite(bytes) && bytes > 0 ? Math.ceil(bytes / MIB) : undefined;
    },
  };
}
