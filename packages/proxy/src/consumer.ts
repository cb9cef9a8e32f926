import { createClient } from '@async-http/client';
import { createRunner } from '@async-http/client/delivery';
import { buildConsumer, type ConsumerHandler } from './build-consumer.ts';

// Like proxy.ts, this file touches `process` and `console`, and builds what the others only describe.

/**
 * The handler of the function that runs the jobs of an engine, which is what `ASYNC_HTTP_DELIVERY` of another
 * function names: `ASYNC_HANDLER` runs here as it would there. Each call is one attempt; trying again is the
 * engine's part.
 *
 * - **From an SQS queue** it runs all jobs of the batch at once and answers which have failed. The event source
 *   mapping must have `ReportBatchItemFailures`: without it, Lambda takes the answer for a success, and deletes
 *   the failed jobs too.
 * - **Invoked by Lambda** with a job as its event, it returns what the background handler returned, and throws
 *   its error (with the code `ASYNC_HTTP_JOB_FAILED`), so that Lambda tries again.
 *
 * @throws an error with the code `ASYNC_HTTP_ENVELOPE_INVALID` for any other event
 * @see Lambda, "Handling errors for an SQS event source in Lambda"
 */
export const consumer: ConsumerHandler = buildConsumer({
  runJob: createRunner(process.env),
  beginInvocation: createClient(process.env).beginInvocation,
  // biome-ignore lint/suspicious/noConsole: the runtime gives the line the level and the format of the function's log.
  logError: (message) => console.error(message),
});
