import { readdirSync, readFileSync } from 'node:fs';

/** A program may start another one while they are looked for. */
const PASSES = 3;

/**
 * Kills a handler process and the programs that it has started: its descendants, and whatever carries its
 * mark in its environment, because detached programs and those of a dead process have another parent.
 *
 * @param pid omitted when the process itself has ended
 */
export function killTree(mark: string, pid?: number): void {
  // So that it starts nothing more.
  if (pid !== undefined) signal(pid, 'SIGSTOP');
  for (let pass = 0; pass < PASSES; pass += 1) {
    const found = find(mark, pid);
    for (const program of found) signal(program, 'SIGKILL');
    if (found.length === 0) break;
  }
  if (pid !== undefined) signal(pid, 'SIGKILL');
}

function find(mark: string, root: number | undefined): number[] {
  const parents = new Map<number, number>();
  const marked = new Set<number>();
  for (const pid of processIds()) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2);
      if (state === 'Z') continue;
      parents.set(pid, Number(parent));
      if (readFileSync(`/proc/${pid}/environ`).includes(mark)) marked.add(pid);
    } catch {
      // It has ended, or belongs to another user.
    }
  }
  const isDescendant = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isDescendant(parents.get(pid)));
  return [...parents.keys()].filter(
    (pid) => pid !== root && (marked.has(pid) || isDescendant(parents.get(pid))),
  );
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return []; // There is no /proc outside of Linux.
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
