import { openStore } from './open-store.ts';
import { CLOCKS_DIFFER_MS, type JobStatus, type StoredJob } from './store.ts';
import { tryStore } from './try-store.ts';

/** How far a job is. Instants are ISO 8601 in UTC. */
export interface JobState {
  readonly jobId: string;
  /** `retrying`: an attempt has failed, and another one follows. */
  readonly status: JobStatus;
  /** Attempts that have been started. */
  readonly attempt: number;
  readonly acceptedAt: string;
  /** Of the first attempt. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** While it is `retrying`. */
  readonly nextAttemptAt?: string;
  /**
   * When its time was over, if no end of it is recorded: it was lost with its environment, waits there for the next
   * request, or its end could not be written.
   */
  readonly overdueSince?: string;
  /** What the background handler has returned, with `ASYNC_HTTP_STORE_RESULTS=on`. */
  readonly result?: unknown;
  /** Why a result is missing, although it was to be kept. */
  readonly resultOmitted?: string;
  /** Of the last attempt that has failed. */
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

/**
 * Reads how far a job is, from the table that `ASYNC_HTTP_STORE` names. The extension writes it after the reply, so that it
 * is some milliseconds behind.
 *
 * @returns undefined for a job that is not known, or no longer
 * @throws an error with the code `ASYNC_HTTP_STORE_FAILED` when the table cannot be read, or `ASYNC_HTTP_STORE` is not set
 */
export async function getJob(jobId: string): Promise<JobState | undefined> {
  const job = await readJob(jobId, process.env);
  return job && job.expiresAtMs > Date.now() ? toState(job) : undefined;
}

/** The same with what has expired, but is still there. */
export async function readJob(
  jobId: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StoredJob | undefined> {
  const consequence = 'the state of the job is not known';
  const opened = openStore(env, consequence);
  return tryStore(opened, consequence, AbortSignal.timeout(opened.times.waitMs), (signal) =>
    opened.store.getJob(jobId, signal),
  );
}

export function toState(job: StoredJob): JobState {
  const { jobId, status, attempt, startedAt, endedAt, nextAttemptAt, openUntil, omitted } = job;
  const isOverdue = openUntil !== undefined && openUntil + CLOCKS_DIFFER_MS < Date.now();
  return {
    jobId,
    status,
    attempt,
    acceptedAt: toIso(job.acceptedAt),
    ...(startedAt !== undefined && { startedAt: toIso(startedAt) }),
    ...(endedAt !== undefined && { endedAt: toIso(endedAt) }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: toIso(nextAttemptAt) }),
    ...(isOverdue && { overdueSince: toIso(openUntil) }),
    ...(job.result !== undefined && { result: JSON.parse(job.result) }),
    ...(omitted !== undefined && { resultOmitted: omitted }),
    ...(job.errorType !== undefined && {
      error: { errorType: job.errorType, errorMessage: job.errorMessage ?? '' },
    }),
  };
}

const toIso = (ms: number): string => new Date(ms).toISOString();
