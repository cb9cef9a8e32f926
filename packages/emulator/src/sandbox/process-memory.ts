import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KIB_PER_MIB = 1024;

/** Memory of these processes now, in MiB; what they share counts once where the system can tell (Linux). */
export async function measureMemoryMiB(pids: Iterable<number>): Promise<number> {
  const all = [...pids];
  if (all.length === 0) return 0;
  const kib =
    process.platform === 'linux'
      ? await Promise.all(all.map(proportionalKiB))
      : await residentKiB(all);
  return Math.ceil(kib.reduce((sum, each) => sum + each, 0) / KIB_PER_MIB);
}

async function proportionalKiB(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}

async function residentKiB(pids: readonly number[]): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', pids.join(',')]).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').map((line) => Number(line) || 0);
}
