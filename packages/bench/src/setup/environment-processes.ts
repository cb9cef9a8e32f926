import { readFile } from 'node:fs/promises';
import type { Lambda } from '@async-http/emulator';
import { childrenOf } from './private-memory.ts';

/** The processes of the one environment of a function on the emulator. Linux only. */
export interface EnvironmentProcesses {
  /** The function's. */
  readonly runtime: readonly number[];
  /** The layer's extension and, where it has one, its handler process. */
  readonly extension: readonly number[];
  /** All, also the emulator's own: first process, shells. */
  readonly all: readonly number[];
}

export async function environmentProcesses({ name }: Lambda): Promise<EnvironmentProcesses> {
  const mark = `AWS_LAMBDA_FUNCTION_NAME=${name}`;
  const all: number[] = [];
  // What we have started for it, with everything below, in whatever way the emulator isolates.
  for (const top of await childrenOf(process.pid)) {
    const tree = await treeOf(top);
    const variables = await Promise.all(tree.map((pid) => entriesOf(pid, 'environ')));
    if (variables.some((each) => each.includes(mark))) all.push(...tree);
  }
  const runs = async (program: RegExp) => {
    const commands = await Promise.all(all.map((pid) => entriesOf(pid, 'cmdline')));
    return all.filter((_, index) => program.test(commands[index]?.at(-2) ?? ''));
  };
  return {
    runtime: await runs(/\/index\.mjs$/),
    extension: await runs(/\/async-http\/(extension|handler-host)\.js$/),
    all,
  };
}

async function treeOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** Each entry ends with a NUL, so the last one is empty. */
async function entriesOf(pid: number, file: 'environ' | 'cmdline'): Promise<string[]> {
  return (await readFile(`/proc/${pid}/${file}`, 'utf8')).split('\0');
}
