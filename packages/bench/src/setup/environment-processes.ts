import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Lambda } from '@async-http/emulator';
import { childrenOf } from './private-memory.ts';

/** The processes of the one environment of a function on the emulator. Linux only. */
export interface EnvironmentProcesses {
  /** The function's, with what it has started. */
  readonly runtime: readonly number[];
  /** What was started from /opt/extensions, with what that has started. */
  readonly extensions: readonly number[];
  /** All, also the emulator's own: first process, shells. */
  readonly all: readonly number[];
}

/**
 * Lambda shows `_HANDLER` to the runtime and not to extensions: that tells the two apart, whatever programs
 * they have become meanwhile.
 */
export async function environmentProcesses({ name }: Lambda): Promise<EnvironmentProcesses> {
  const mark = `AWS_LAMBDA_FUNCTION_NAME=${name}`;
  const [runtime, extensions, all]: [number[], number[], number[]] = [[], [], []];

  /** @returns whether the process, or one below, belongs to the environment. */
  async function visit(pid: number): Promise<boolean> {
    const variables = await variablesOf(pid);
    if (variables.includes(mark)) {
      const tree = await treeOf(pid);
      const isRuntime = variables.some((each) => each.startsWith('_HANDLER='));
      (isRuntime ? runtime : extensions).push(...tree);
      all.push(...tree);
      return true;
    }
    const below = await Promise.all((await childrenOf(pid)).map(visit));
    const isAbove = below.includes(true);
    if (isAbove) all.push(pid);
    return isAbove;
  }
  // What we have started for it, in whatever way the emulator isolates.
  for (const top of await childrenOf(process.pid)) await visit(top);
  return { runtime, extensions, all };
}

/** How many of the processes are Node.js. */
export async function countNode(pids: readonly number[]): Promise<number> {
  const programs = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`)));
  return programs.filter((program) => basename(program) === 'node').length;
}

async function treeOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** Each entry ends with a NUL, so the last one is empty. */
async function variablesOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).split('\0');
}
