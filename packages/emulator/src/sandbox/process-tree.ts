import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Has the mark in its environment variables; known on Linux only. */
  readonly isMarked: boolean;
}

/**
 * The processes themselves, all their descendants, and what shares a process group with them; on
 * Linux also those whose parents have gone, which the mark in their variables tells.
 */
export async function findProcessTree(
  roots: ReadonlySet<number>,
  mark?: string,
): Promise<Set<number>> {
  const all = process.platform === 'linux' ? await listFromProc(mark) : await listFromPs();
  const found = new Set<number>();
  let before = -1;
  while (found.size !== before) {
    before = found.size;
    for (const { pid, parent, group, isMarked } of all) {
      if (isMarked || roots.has(pid) || roots.has(group) || found.has(parent)) found.add(pid);
    }
  }
  return found;
}

async function listFromProc(mark: string | undefined): Promise<ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    names.map(async (name) => {
      const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
      const [stat, variables] = await Promise.all([read('stat'), mark ? read('environ') : '']);
      // The command, in parentheses, may contain spaces and parentheses itself.
      const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        pid: Number(name),
        parent: Number(parent),
        group: Number(group),
        isMarked: mark !== undefined && variables.includes(mark),
      };
    }),
  );
  return entries.filter(({ parent }) => Number.isInteger(parent));
}

async function listFromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = 0, parent = 0, group = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, group, isMarked: false };
    });
}
