/** Node.js fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The delay for a timer that is to be due after this time, or as late as a timer can. */
export function timerDelay(delayMs: number): number {
  return Math.min(delayMs, MAX_TIMER_MS);
}
