/** Node.js fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls the function at that time (wall-clock ms), or as late as a timer can; keeps no process alive for it. */
export function actAt(atMs: number, act: () => void): NodeJS.Timeout {
  const timer = setTimeout(act, Math.min(atMs - Date.now(), LONGEST_TIMER_MS));
  timer.unref?.(); // That of a browser, which a function can have put there, is a number.
  return timer;
}
