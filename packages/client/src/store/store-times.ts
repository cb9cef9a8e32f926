import { cpuShare } from '../protocol/budget.ts';

/** How long things of the store may take. */
export interface StoreTimes {
  /** One request. */
  readonly tryMs: number;
  /** A hand-off, with its repetitions; and a question for a job. */
  readonly waitMs: number;
  /** After this long without an answer, the store counts as down. */
  readonly outageMs: number;
}

/** The first request loads what sends and signs it, and the processes of an environment share its CPU. */
const CPU_MS = 250;

/** @param env its memory size gives the function's share of a core */
export function storeTimes(env: Readonly<Record<string, string | undefined>>): StoreTimes {
  // AbortSignal.timeout() takes whole numbers only.
  const cpuMs = Math.ceil(CPU_MS / cpuShare(Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)));
  return { tryMs: 1_000 + cpuMs, waitMs: 3_000 + 2 * cpuMs, outageMs: 2_000 + cpuMs };
}
