/**
 * Exponential backoff with full jitter: any time from 0 to a ceiling that doubles with each failure,
 * so that many environments that failed together do not come back together.
 *
 * @param failures how often it has failed so far, from 1
 * @param random from 0 to 1, as `Math.random()` gives it
 * @returns milliseconds
 * @see "Exponential Backoff And Jitter", AWS Architecture Blog
 */
export function backoffMs(
  failures: number,
  { baseMs, ceilingMs }: { baseMs: number; ceilingMs: number },
  random: number,
): number {
  return random * Math.min(ceilingMs, baseMs * 2 ** (failures - 1));
}
