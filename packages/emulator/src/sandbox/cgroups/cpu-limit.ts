import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Cgroup, nextCgroupName } from './cgroup.ts';
import { hierarchyOf } from './hierarchy.ts';

const run = promisify(execFile);

/** How often Lambda's scheduler hands out CPU time; what is used up is given again with the next period. */
const PERIOD_US = 20_000;

/**
 * Gives all processes in the group together this many cores.
 *
 * @throws {Error} the system's, where the machine does not allow it.
 */
export async function limitCpu(name: string, cores: number): Promise<Cgroup> {
  const { isV1, parent } = hierarchyOf('cpu');
  const quotaUs = Math.round(cores * PERIOD_US);
  if (isV1) {
    return Cgroup.create(parent, name, {
      'cpu.cfs_period_us': String(PERIOD_US),
      'cpu.cfs_quota_us': String(quotaUs),
    });
  }
  // Where it is on already, or cannot be switched on, the next line says so better.
  await writeFile(`${parent}/cgroup.subtree_control`, '+cpu').catch(() => {});
  return Cgroup.create(parent, name, { 'cpu.max': `${quotaUs} ${PERIOD_US}` });
}

/** Why this machine does not let us limit CPU; undefined where it does. */
export async function cpuLimitRefusal(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `${process.platform} has no control groups`;
  try {
    const group = await limitCpu(nextCgroupName(), 1);
    try {
      await run('/bin/sh', ['-c', 'echo 0 >"$1"', 'sh', group.procsFile]);
    } finally {
      await group.remove();
    }
    return undefined;
  } catch (error) {
    return (error as Error).message.trim();
  }
}
