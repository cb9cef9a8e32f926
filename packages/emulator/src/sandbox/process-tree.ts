import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** By a signal. */
  readonly isStopped: boolean;
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
): Promise<Map<number, ProcessEntry>> {
  const all = process.platform === 'linux' ? await listFromProc(mark) : await listFromPs();
  const found = new Map<number, ProcessEntry>();
  let before = -1;
  while (found.size !== before) {
    before = found.size;
    for (const entry of all) {
      const { pid, parent, group, isMarked } = entry;
      if (isMarked || roots.has(pid) || roots.has(group) || found.has(parent))
        found.set(pid, entry);
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
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        pid: Number(name),
        parent: Number(parent),
        group: Number(group),
        isStopped: state === 'T',
        isMarked: mark !== undefined && variables.includes(mark),
      };
    }),
  );
  return entries.filter(({ parent }) => Number.isInteger(parent));
}

async function listFromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, group, state = ''] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        isStopped: state.startsWith('T'),
        isMarked: false,
      };
    });
}
