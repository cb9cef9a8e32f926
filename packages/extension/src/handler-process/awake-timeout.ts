const STEP_MS = 100;

/**
 * Calls `onTimeout` after `ms` during which this process was awake. Lambda can freeze the environment
 * for hours while a handler loads; a plain timer would fire at the first moment after the thaw.
 *
 * @returns a function that cancels it.
 */
export function awakeTimeout(ms: number, onTimeout: () => void): () => void {
  let leftMs = ms;
  let timer: NodeJS.Timeout;
  const step = () => {
    if (leftMs <= 0) return onTimeout();
    // A freeze lengthens one step only, whatever it lasted.
    timer = setTimeout(step, Math.min(leftMs, STEP_MS));
    leftMs -= STEP_MS;
  };
  step();
  return () => clearTimeout(timer);
}
