import type { FunctionTarget, QueueTarget } from '@async-http/client/protocol';
import { type Destination, lazyDestination } from '../destinations/destination.ts';

/** An SQS queue or a Lambda function that runs jobs instead of this environment. */
export interface Engine {
  readonly target: QueueTarget | FunctionTarget;
  /** Loads and warms up the client in the background. Never rejects. */
  preload(): Promise<void>;
  /**
   * Resolves when the engine has accepted the job: from then on it is the engine's. After a failure it
   * may have it too, because an answer can be lost.
   *
   * @throws {DestinationError} see its codes
   */
  deliver(envelope: string, options: { readonly signal: AbortSignal }): Promise<void>;
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
    deliver: (json, { signal }) => destination.send({ json }, { signal }),
    close: () => destination.close(),
  };
}
