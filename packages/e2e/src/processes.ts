import { readdirSync, readFileSync } from 'node:fs';
import type { Lambda } from '@async-http/emulator';

/** Programs of the layer, as their command lines end. */
const PROGRAMS = {
  extension: '/async-http/extension.js',
  'handler process': '/async-http/handler-host.js',
} as const;

export type Program = keyof typeof PROGRAMS;

/** The process of that program in the environment of a function that has one environment. */
export function findProcess(lambda: Lambda, program: Program): number | undefined {
  return allProcesses().find(
    (pid) =>
      read(`/proc/${pid}/cmdline`).endsWith(`${PROGRAMS[program]}\0`) &&
      read(`/proc/${pid}/environ`).split('\0').includes(`AWS_LAMBDA_FUNCTION_NAME=${lambda.name}`),
  );
}

/** @throws when the process does not run */
export function signalProcess(lambda: Lambda, program: Program, signal: NodeJS.Signals): void {
  const pid = findProcess(lambda, program);
  if (pid === undefined) throw new Error(`The ${program} does not run.`);
  process.kill(pid, signal);
}

/** Every process of the environment, its first one included. */
export function processesOf(lambda: Lambda): number[] {
  const extension = findProcess(lambda, 'extension');
  if (extension === undefined) return [];
  const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)]));
  // The first process of the namespace is the one that the emulator has started.
  let first = extension;
  for (let pid = parents.get(first); pid && pid !== process.pid; pid = parents.get(pid))
    first = pid;
  const isWithin = (pid: number | undefined): boolean =>
    pid === first || (pid !== undefined && pid > 1 && isWithin(parents.get(pid)));
  return [...parents.keys()].filter(isWithin);
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The process has ended.
  }
}
