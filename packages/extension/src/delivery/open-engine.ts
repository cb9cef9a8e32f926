import { type Destination, lazyDestination } from '../destinations/destination.ts';
import type { FunctionTarget, QueueTarget } from '../destinations/destination-target.ts';
import { RefusalError } from '../refusal.ts';
import { type Delivery, formatEnvelope } from './format-envelope.ts';

/** An SQS queue or a Lambda function that runs jobs instead of this environment. */
export interface Engine {
  readonly target: QueueTarget | FunctionTarget;
  /** Loads and warms up the client in the background. Never rejects. */
  preload(): Promise<void>;
  /**
   * Resolves when the engine has taken the job: from then on it is the engine's. After a failure it
   * may have it too, because an answer can be lost.
   *
   * @throws {RefusalError} code `ASYNC_HTTP_PAYLOAD_TOO_LARGE` or `ASYNC_HTTP_BAD_REQUEST`, before
   * anything is sent
   * @throws {DestinationError} see its codes
   */
  deliver(job: Delivery, options: { readonly signal: AbortSignal }): Promise<void>;
  close(): void;
}

/** Makes the engine of `ASYNC_HTTP_DELIVERY`. Nothing is loaded yet. */
export function openEngine(target: QueueTarget | FunctionTarget): Engine {
  const destination: Destination<{ json: string }> = lazyDestination(target, async () =>
    target.service === 'sqs'
      ? (await import('../destinations/sqs.ts')).openQueue(target)
      : (await import('../destinations/lambda.ts')).openFunction(target),
  );
  return {
    target,
    preload: () => destination.preload(),
    async deliver(job, { signal }) {
      const json = formatEnvelope(job);
      if (json === undefined) {
        throw new RefusalError(
          'ASYNC_HTTP_BAD_REQUEST',
          'The body is not {"event":…,"context":…} as JSON, so there is nothing to deliver.',
        );
      }
      const bytes = Buffer.byteLength(json);
      if (bytes > destination.maxRecordBytes) {
        throw new RefusalError(
          'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
          `The job has ${bytes} bytes. ASYNC_HTTP_DELIVERY (${target.arn}) takes ${destination.maxRecordBytes}, so it was not accepted. Put the data into S3 and hand off its key.`,
        );
      }
      await destination.send({ json }, { signal });
    },
    close: () => destination.close(),
  };
}
