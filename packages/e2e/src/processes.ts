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

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The process has ended.
  }
}
