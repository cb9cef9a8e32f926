import { margin, timeLeft } from './margin.ts';

/** How the time of one invocation is divided. All instants are wall-clock ms since the epoch. */
export interface Budget {
  /** When Lambda times the function out, and resets the environment. */
  readonly functionDeadlineMs: number;
  /** From when on there is no time to begin loading the handler. */
  readonly loadUntilMs: number;
  /** How long a handler may have taken to load before the deadline counts against its job. */
  readonly fairLoadMs: number;
  /** When running jobs are told to stop, and from when on nothing is accepted. */
  readonly abortAtMs: number;
  /** When a job that did not stop is killed. */
  readonly killAtMs: number;
  /** From when on there is no time to begin sending a record. */
  readonly beginSendUntilMs: number;
  /** When a record can no longer be sent: what is left is for saying so, and for asking for the next event. */
  readonly sendUntilMs: number;
  /** When the hold ends, whatever is still open: early enough that the function does not time out. */
  readonly releaseAtMs: number;
}

/** Memory that comes with one whole core. @see Lambda, "Configure Lambda function memory" */
const MIB_PER_CORE = 1_769;

/*
 * Of the margin, a third is for a handler that obeys its signal, half for sending the record, and a sixth for
 * asking for the next event. Ending a hold takes about 15 ms of CPU (kill, one log line, one request to Lambda),
 * which is 200 ms at 128 MB.
 */
const KILL_AT = 2 / 3;
const SEND_UNTIL = 1 / 6;
const RELEASE_AT = 1 / 12;
const RELEASE_CPU_MS = 15;
/** A first message to a destination, with its client loaded. */
const SEND_CPU_MS = 60;
/** More than most handlers need; what takes longer may never end. */
const FAIR_LOAD_CPU_MS = 1_000;
/** To start a process, and no program of Node.js loads in less. */
const START_CPU_MS = 30;

/** The environment's share of a core, at most 1. */
export function cpuShare(memoryMiB: number): number {
  return Number.isFinite(memoryMiB) && memoryMiB > 0 ? Math.min(1, memoryMiB / MIB_PER_CORE) : 1;
}

/** How long before the deadline jobs are aborted where nobody has said it: half of it is enough to send a record. */
export function usualMarginMs(share: number): number {
  return Math.max(1_000, Math.round((SEND_CPU_MS * 2) / share));
}

/**
 * A busy extension is not notified that the function has timed out, so it keeps its own time.
 *
 * @param maxMarginMs how long before the deadline jobs are aborted; at most a fifth of what is left
 * @param share of a core, see {@link cpuShare}
 * @see Lambda execution environment, "Invoke phase": the timeout covers runtime and extensions
 */
export function divideTime(functionDeadlineMs: number, maxMarginMs: number, share = 1): Budget {
  const leftMs = timeLeft(functionDeadlineMs);
  const marginMs = margin(leftMs, maxMarginMs);
  // At most a third of the margin, so that the order of the instants stays.
  const reserveMs = Math.min(RELEASE_CPU_MS / share, marginMs / 3);
  const sendUntilMs = functionDeadlineMs - Math.max(marginMs * SEND_UNTIL, reserveMs * 1.5);
  return {
    functionDeadlineMs,
    loadUntilMs: functionDeadlineMs - marginMs - Math.min(START_CPU_MS / share, leftMs / 3),
    fairLoadMs: FAIR_LOAD_CPU_MS / share,
    abortAtMs: functionDeadlineMs - marginMs,
    killAtMs: functionDeadlineMs - marginMs * KILL_AT,
    beginSendUntilMs: sendUntilMs - Math.min(SEND_CPU_MS / share, leftMs / 2),
    sendUntilMs,
    releaseAtMs: functionDeadlineMs - Math.max(marginMs * RELEASE_AT, reserveMs),
  };
}
