import { readFile } from 'node:fs/promises';

/**
 * What the processes together would give back if they ended, in MiB: pages that no other process shares.
 *
 * @see proc_pid_smaps(5)
 */
export async function privateMemory(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(privateMemoryOf));
  return each.reduce((sum, mib) => sum + mib, 0);
}

async function privateMemoryOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)];
  return kib.reduce((sum, [, size]) => sum + Number(size), 0) / 1024;
}

/** The direct child processes of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}
