import { readFile } from 'node:fs/promises';
import { findProcessTree } from './process-tree.ts';

/** The ids, on this machine, of the programs furthest below a process: what does its work, if it starts programs for that. */
export async function findWorkers(root: number): Promise<number[]> {
  const tree = await findProcessTree(new Set([root]));
  const depthOf = (pid: number): number => {
    const parent = tree.get(pid)?.parent;
    return pid === root || parent === undefined ? 0 : 1 + depthOf(parent);
  };
  const depths = [...tree.keys()].map((pid) => ({ pid, depth: depthOf(pid) }));
  const deepest = Math.max(...depths.map(({ depth }) => depth));
  return depths.filter(({ depth }) => depth > 0 && depth === deepest).map(({ pid }) => pid);
}

/** Finds a process of a PID namespace on this machine; Linux only. */
export async function findInNamespace(
  init: number,
  pidInside: number,
): Promise<number | undefined> {
  for (const pid of (await findProcessTree(new Set([init]))).keys()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const [, innermost] = /^NSpid:.*\t(\d+)$/m.exec(status) ?? [];
    if (Number(innermost) === pidInside) return pid;
  }
  return undefined;
}
