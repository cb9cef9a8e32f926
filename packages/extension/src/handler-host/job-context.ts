import type { AbortReason } from '../handler-process/frames.ts';

/** Why `context.signal` fired; also what `signal.throwIfAborted()` throws. */
export class JobAbortedError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ASYNC_HTTP_JOB_ABORTED';
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(
      reason === 'deadline'
        ? 'The time for this job is over. It is killed soon: stop, and keep what is done.'
        : 'The environment is shutting down. The job is killed soon: stop, and keep what is done.',
    );
    this.reason = reason;
  }
}

/** The second argument of a background handler: Lambda's context, alive again, and what is ours. */
export function jobContext(
  lambdaContext: object,
  job: { jobId: string; attempt: number; killAtMs: number; signal: AbortSignal },
): object {
  const { jobId, attempt, killAtMs, signal } = job;
  return {
    ...lambdaContext,
    // To the job's own end: the margin before the function's is not the handler's to use.
    getRemainingTimeInMillis: () => killAtMs - Date.now(),
    signal,
    jobId,
    attempt,
  };
}
