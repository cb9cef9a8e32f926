/**
 * Thrown by a background handler to end the retries of its job: it fails permanently, with this error in
 * its record. The extension looks at the `name`, so a class of one's own with this name does the same.
 */
export class NonRetriableError extends Error {
  override readonly name = 'NonRetriableError';
  readonly code = 'ASYNC_HTTP_NON_RETRIABLE';
}

/** Thrown by a background handler to have its next attempt later than the usual backoff. */
export class RetryAfterError extends Error {
  override readonly name = 'RetryAfterError';
  readonly code = 'ASYNC_HTTP_RETRY_AFTER';
  /** Delay in milliseconds. One that the request's time does not allow settles the job at once. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs: number; cause?: unknown }) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}
