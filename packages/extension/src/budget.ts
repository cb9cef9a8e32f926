/** How the time of one invocation is divided. All instants are wall-clock ms since the epoch. */
export interface Budget {
  /** When Lambda times the function out, and resets the environment. */
  readonly functionDeadlineMs: number;
  /** When running jobs are told to stop. */
  readonly abortAtMs: number;
  /** When the handler process is killed if they did not. */
  readonly killAtMs: number;
  /** When a record can no longer be sent: what is left is for saying so, and for asking for the next event. */
  readonly sendUntilMs: number;
  /** When the hold ends, whatever is still open: early enough that the function does not time out. */
  readonly releaseAtMs: number;
}

/*
 * Of the margin, a third is for a handler that obeys its signal, half for sending the record, and a
 * sixth for asking for the next event. With a tenth of a core, where the kernel lets a process wait up
 * to 90 ms each time, a record took up to 290 ms from the kill to its queue; a function with a timeout
 * of 3 s has 300 ms for it. With a whole core it took 40 ms.
 */
const KILL_AT = 2 / 3;
const SEND_UNTIL = 1 / 6;
const RELEASE_AT = 1 / 12;

/**
 * Nobody tells a busy extension that the function has timed out, so it keeps its own time.
 *
 * @param maxMarginMs how long before the deadline jobs are aborted; at most a fifth of what is left
 * @see Lambda execution environment, "Invoke phase": the timeout covers runtime and extensions
 */
export function divideTime(functionDeadlineMs: number, maxMarginMs: number): Budget {
  const leftMs = Math.max(0, functionDeadlineMs - Date.now());
  const marginMs = Math.min(maxMarginMs, leftMs / 5);
  return {
    functionDeadlineMs,
    abortAtMs: functionDeadlineMs - marginMs,
    killAtMs: functionDeadlineMs - marginMs * KILL_AT,
    sendUntilMs: functionDeadlineMs - marginMs * SEND_UNTIL,
    releaseAtMs: functionDeadlineMs - marginMs * RELEASE_AT,
  };
}
