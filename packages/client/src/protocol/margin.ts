/**
 * When running jobs are told to stop, and from when on nothing is accepted: all that a client needs of the budget.
 *
 * @param maxMarginMs how long before the deadline that is; at most a fifth of what is left
 */
export function abortTime(functionDeadlineMs: number, maxMarginMs: number): number {
  return functionDeadlineMs - margin(timeLeft(functionDeadlineMs), maxMarginMs);
}

export function timeLeft(functionDeadlineMs: number): number {
  return Math.max(0, functionDeadlineMs - Date.now());
}

export function margin(leftMs: number, maxMarginMs: number): number {
  return Math.min(maxMarginMs, leftMs / 5);
}
