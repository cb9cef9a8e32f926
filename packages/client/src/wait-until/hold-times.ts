import { cpuShare, divideTime, usualMarginMs } from '../protocol/budget.ts';
import { abortTime } from '../protocol/margin.ts';

type Environment = Readonly<Record<string, string | undefined>>;

// A function for each time, so that bundles carry those that they need. All in wall-clock ms since the epoch.

/** From when on it is worth a warning that work is still open. */
export function warnTime(env: Environment, deadlineMs: number): number {
  return abortTime(deadlineMs, maxMarginMs(env));
}

/** When a hold has to end at the latest, so that the function does not time out. */
export function releaseTime(env: Environment, deadlineMs: number): number {
  return divideTime(deadlineMs, maxMarginMs(env), shareOf(env)).releaseAtMs;
}

function maxMarginMs(env: Environment): number {
  const wanted = Number(env.ASYNC_HTTP_DEADLINE_MARGIN_MS);
  // A bad value is reported when something is handed off.
  return wanted >= 100 ? wanted : usualMarginMs(shareOf(env));
}

function shareOf(env: Environment): number {
  return cpuShare(Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
}
