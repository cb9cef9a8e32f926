import type { RunResult } from '@async-http/client/delivery';

/**
 * The background handler has failed. It carries the handler's own error, `name` and `stack` included, so that
 * what Lambda logs and records is what it would be if the handler ran without us.
 */
export class JobFailedError extends Error {
  override readonly name: string;
  readonly code = 'ASYNC_HTTP_JOB_FAILED';

  constructor({ errorType, errorMessage, stackTrace }: Extract<RunResult, { status: 'failed' }>) {
    super(errorMessage);
    this.name = errorType;
    this.stack = stackTrace.length > 0 ? stackTrace.join('\n') : `${errorType}: ${errorMessage}`;
  }
}
