/** How the time of one invocation is divided. All instants are wall-clock ms since the epoch. */
export interface Budget {
  /** When Lambda times the function out, and resets the environment. */
  readonly functionDeadlineMs: number;
  /** When running jobs are told to stop, and from when on nothing is accepted. */
  readonly abortAtMs: number;
  /** When a job that did not stop is killed. */
  readonly killAtMs: number;
  /** When a record can no longer be sent: what is left is for saying so, and for asking for the next event. */
  readonly sendUntilMs: number;
  /** When the hold ends, whatever is still open: early enough that the function does not time out. */
  readonly releaseAtMs: number;
}

/** Memory that comes with one whole core. @see Lambda, "Configure Lambda function memory" */
const MIB_PER_CORE = 1_769;

/*
 * Of the margin, a third is for a handler that obeys its signal, half for sending the record, and a sixth for
 * asking for the next event. Ending a hold takes about 8 ms of CPU (kill, one log line, one request to Lambda),
 * which is 110 ms at 128 MB.
 */
const KILL_AT = 2 / 3;
const SEND_UNTIL = 1 / 6;
const RELEASE_AT = 1 / 12;
const RELEASE_CPU_MS = 8;

/** The environment's share of a core, at most 1. */
export function cpuShare(memoryMiB: number): number {
  return Number.isFinite(memoryMiB) && memoryMiB > 0 ? Math.min(1, memoryMiB / MIB_PER_CORE) : 1;
}

/**
 * Nobody tells a busy extension that the function has timed out, so it keeps its own time.
 *
 * @param maxMarginMs how long before the deadline jobs are aborted; at most a fifth of what is left
 * @param share of a core, see {@link cpuShare}
 * @see Lambda execution environment, "Invoke phase": the timeout covers runtime and extensions
 */
export function divideTime(functionDeadlineMs: number, maxMarginMs: number, share = 1): Budget {
  const leftMs = Math.max(0, functionDeadlineMs - Date.now());
  const marginMs = Math.min(maxMarginMs, leftMs / 5);
  // At most a third of the margin, so that the order of the instants stays.
  const reserveMs = Math.min(RELEASE_CPU_MS / share, marginMs / 3);
  return {
    functionDeadlineMs,
    abortAtMs: functionDeadlineMs - marginMs,
    killAtMs: functionDeadlineMs - marginMs * KILL_AT,
    sendUntilMs: functionDeadlineMs - Math.max(marginMs * SEND_UNTIL, reserveMs * 1.5),
    releaseAtMs: functionDeadlineMs - Math.max(marginMs * RELEASE_AT, reserveMs),
  };
}
