import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { grantSend } from './destination.ts';
import { workerOf } from './worker.ts';

/** How jobs are run through a queue. */
export interface QueueDeliveryOptions {
  /** Timeout of the worker, for all jobs of a batch together; at most 15 minutes. */
  readonly timeout: Duration;
  /**
   * Memory of the worker in MB.
   *
   * @default - that of the function
   */
  readonly memorySize?: number;
  /**
   * Jobs that one worker runs at once, 1 to 10.
   *
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * Workers at once, 2 to 1000.
   *
   * @default - what the account's concurrency allows
   */
  readonly maxConcurrency?: number;
  /**
   * Attempts until a job is moved to the dead-letter queue.
   *
   * @default 5, the least that AWS advises for the queue of a function
   */
  readonly maxReceiveCount?: number;
  /**
   * Gets the jobs that failed in every attempt.
   *
   * @default - a new queue that keeps them for 14 days
   */
  readonly deadLetterQueue?: IQueue;
}

/** The queue of one function, and the worker that runs its jobs. */
export class QueueDelivery {
  readonly queue: Queue;
  readonly deadLetterQueue: IQueue;
  readonly worker: LambdaFunction;
  /** For `ASYNC_HTTP_DELIVERY`. */
  readonly arn: string;

  constructor(scope: Construct, fn: LambdaFunction, options: QueueDeliveryOptions) {
    const { timeout, memorySize, batchSize, maxConcurrency, maxReceiveCount = 5 } = options;
    this.deadLetterQueue =
      options.deadLetterQueue ??
      new Queue(scope, 'DeadLetterQueue', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(scope, 'Queue', {
      enforceSSL: true,
      // Six times the timeout of the function that reads the queue, as AWS advises.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.arn = grantSend(fn, this.queue);
    this.worker = workerOf(scope, fn, { timeout, ...(memorySize !== undefined && { memorySize }) });
    this.worker.addEventSource(
      new SqsEventSource(this.queue, {
        reportBatchItemFailures: true,
        ...(batchSize !== undefined && { batchSize }),
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      }),
    );
  }
}
