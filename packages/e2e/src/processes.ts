import { readdirSync, readFileSync } from 'node:fs';
import type { Lambda } from '@async-http/emulator';

/** Programs of an environment, as their command lines end. */
const PROGRAMS = {
  /** The extension, alone until it has its first job. */
  launcher: '/extensions/async-http',
  /** What it has started then, and only waits for. */
  extension: '/async-http/extension.js',
  'handler process': '/async-http/handler-host.js',
  function: '/var/runtime/index.mjs',
} as const;

export type Program = keyof typeof PROGRAMS;

/** The process of that program in the environment of a function that has one environment. */
export function findProcess(lambda: Lambda, program: Program): number | undefined {
  return allProcesses().find(
    (pid) => read(`/proc/${pid}/cmdline`).endsWith(`${PROGRAMS[program]}\0`) && isOf(lambda, pid),
  );
}

/** Every process that runs a program in the environment of a function that has one environment. */
export function processesOf(lambda: Lambda): number[] {
  return allProcesses().filter((pid) => isOf(lambda, pid));
}

/** @throws when the process does not run */
export function signalProcess(lambda: Lambda, program: Program, signal: NodeJS.Signals): void {
  const pid = findProcess(lambda, program);
  if (pid === undefined) throw new Error(`The ${program} does not run.`);
  process.kill(pid, signal);
}

/** Sends a signal if the process is there. @returns whether it is */
export function signalIfRunning(lambda: Lambda, program: Program, signal: NodeJS.Signals): boolean {
  const pid = findProcess(lambda, program);
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false; // It has just ended.
  }
}

/** Whether the process has been stopped by a signal. */
export function isStopped(lambda: Lambda, program: Program): boolean {
  const pid = findProcess(lambda, program);
  return pid !== undefined && /^State:\s+T/m.test(read(`/proc/${pid}/status`));
}

function isOf(lambda: Lambda, pid: number): boolean {
  return read(`/proc/${pid}/environ`)
    .split('\0')
    .includes(`AWS_LAMBDA_FUNCTION_NAME=${lambda.name}`);
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
