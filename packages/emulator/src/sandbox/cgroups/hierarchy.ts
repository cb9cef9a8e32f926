import { existsSync } from 'node:fs';

const ROOT = '/sys/fs/cgroup';

export interface Hierarchy {
  readonly isV1: boolean;
  /** The folder in which groups are made. */
  readonly parent: string;
}

/** Where this machine controls memory or CPU: with cgroup v1 each has a hierarchy, v2 has one for all. */
export function hierarchyOf(controller: 'memory' | 'cpu'): Hierarchy {
  const v1 = `${ROOT}/${controller}`;
  const isV1 = existsSync(`${v1}/cgroup.procs`);
  return { isV1, parent: isV1 ? v1 : ROOT };
}
