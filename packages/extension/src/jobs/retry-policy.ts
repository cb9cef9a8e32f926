import { backoffMs } from '../destinations/backoff.ts';
import type { FailureCondition } from '../records/outcome.ts';

export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly maxRetryAttempts: number;
  /** No attempt of a job starts when it is older than this. */
  readonly maxEventAgeMs: number;
}

/**
 * Lambda waits one minute, then two. Here every second of waiting is billed and taken from the time
 * of one invocation, often 3 to 30 s: two retries wait 0.6 s at most, and even the tenth leaves most
 * of the longest invocation (15 min). Who needs longer throws a `RetryAfterError`.
 */
const BACKOFF = { baseMs: 200, ceilingMs: 20_000 };

/** An attempt that would have less time than this is not worth its side effects. */
const SHORTEST_ATTEMPT_MS = 100;

/** What is known about an attempt that failed. */
export interface Failure {
  /** The error's `name`. `NonRetriableError` ends retries, whoever defined the class. */
  readonly errorType: string;
  /** False when another attempt cannot end differently. */
  readonly retriable: boolean;
  /** `retryAfterMs` of a `RetryAfterError`: the delay that the handler asks for. */
  readonly retryAfterMs?: number | undefined;
  /** Set when the attempt did not end by itself. */
  readonly abortedBy?: 'deadline' | 'shutdown' | undefined;
}

export type RetryDecision =
  | { readonly action: 'retry'; readonly delayMs: number }
  | { readonly action: 'settle'; readonly condition: FailureCondition };

/**
 * What becomes of a job after an attempt failed. All instants are wall-clock ms since the epoch.
 *
 * A delay that does not leave time for an attempt settles the job at once: waiting for nothing is
 * billed. Backoff is only a suggestion of ours, so it shrinks to what the time allows; the delay of a
 * `RetryAfterError` is the handler's word and does not.
 */
export function decideRetry({
  policy,
  attempt,
  acceptedAt,
  now,
  abortAtMs,
  failure,
  random = Math.random(),
}: {
  readonly policy: RetryPolicy;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly acceptedAt: number;
  readonly now: number;
  /** When running jobs of this invocation are told to stop. */
  readonly abortAtMs: number;
  readonly failure: Failure;
  readonly random?: number;
}): RetryDecision {
  if (failure.abortedBy === 'shutdown') return settle('EnvironmentShutdown');
  if (failure.abortedBy === 'deadline') return settle('DeadlineExceeded');
  if (!isRetriable(failure) || attempt > policy.maxRetryAttempts) return settle('RetriesExhausted');

  const spareMs = abortAtMs - SHORTEST_ATTEMPT_MS - now;
  const delayMs = Math.round(
    requestedDelayMs(failure) ??
      Math.min(backoffMs(attempt, BACKOFF, random), Math.max(0, spareMs)),
  );
  if (now + delayMs - acceptedAt > policy.maxEventAgeMs) return settle('EventAgeExceeded');
  return delayMs <= spareMs ? { action: 'retry', delayMs } : settle('DeadlineExceeded');
}

/**
 * Whether a job may start an attempt now: one that was found in the journal, or waited, may have used
 * up its attempts or be too old.
 *
 * @param attempts how many attempts it has had
 * @returns why not, or undefined when it may
 */
export function reasonNotToStart({
  policy,
  attempts,
  acceptedAt,
  now,
}: {
  readonly policy: RetryPolicy;
  readonly attempts: number;
  readonly acceptedAt: number;
  readonly now: number;
}): 'RetriesExhausted' | 'EventAgeExceeded' | undefined {
  if (attempts > policy.maxRetryAttempts) return 'RetriesExhausted';
  return now - acceptedAt > policy.maxEventAgeMs ? 'EventAgeExceeded' : undefined;
}

/** Whether another attempt could end differently. */
export function isRetriable({
  errorType,
  retriable,
}: Pick<Failure, 'errorType' | 'retriable'>): boolean {
  return retriable && errorType !== 'NonRetriableError';
}

function requestedDelayMs({ errorType, retryAfterMs }: Failure): number | undefined {
  if (errorType !== 'RetryAfterError') return undefined;
  // Whatever a handler puts there: without a usable number, it is an error like any other.
  return Number.isFinite(retryAfterMs) ? Math.max(0, Number(retryAfterMs)) : undefined;
}

function settle(condition: FailureCondition): RetryDecision {
  return { action: 'settle', condition };
}
