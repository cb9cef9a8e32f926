import { setTimeout as sleep } from 'node:timers/promises';
import { buildStatus, type StatusHandler, type StatusOptions } from './build-status.ts';

// Like proxy.ts, this file touches `process`.

/**
 * Makes a Lambda handler for `GET /jobs/{id}`, which returns the state of a job as JSON (see `JobState`): 202 with
 * `Retry-After` while it is not done, 200 when it has succeeded or failed, 403 when `allow` returns false, 404 for an unknown job
 * and 410 when its state is no longer kept. Of an error, a caller gets only the type.
 *
 * The function needs `ASYNC_HTTP_STORE`, and the permission to read that table.
 *
 * @throws an error with the code `ASYNC_HTTP_STORE_FAILED` when the table cannot be read, so that the caller gets a 5xx
 */
export function createStatus<TEvent = unknown>(
  options: StatusOptions<TEvent>,
): StatusHandler<TEvent> {
  if (typeof Object(options).allow !== 'function') {
    throw new TypeError(
      'createStatus needs an allow function, which decides who may ask for which job. To allow anyone who knows the id: { allow: () => true }',
    );
  }
  return buildStatus(
    {
      async read(jobId) {
        const { readJob, toState } = await import('@async-http/client/store');
        const job = await readJob(jobId, process.env);
        return job && { state: toState(job), expiresAtMs: job.expiresAtMs };
      },
      pause: (ms) => sleep(ms),
    },
    options as StatusOptions<never>,
  ) as StatusHandler<TEvent>;
}

/**
 * The handler for `GET /jobs/{id}` without code. It always answers 403, unless `ASYNC_HTTP_STATUS_ACCESS` is `by-id`:
 * then anyone who knows the id of a job may ask for it.
 */
export const status: StatusHandler = createStatus({
  allow: () => process.env.ASYNC_HTTP_STATUS_ACCESS === 'by-id',
});
