import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ILayerVersion, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BackgroundJobs, refuseUnusable } from './background-jobs.ts';
import type { AsyncHttpDelivery } from './delivery.ts';
import type { FailureDestination, SuccessDestination } from './destination.ts';
import { layerOf } from './layer.ts';

/** What is the same for every function that the construct is added to. */
export interface AsyncHttpProps {
  /**
   * Gets the record of each job that failed permanently.
   *
   * @default - failed jobs are in the log only
   */
  readonly onFailure?: FailureDestination;
  /**
   * Gets the record of each job that succeeded.
   *
   * @default - none
   */
  readonly onSuccess?: SuccessDestination;
  /**
   * How often a failed job is tried again, 0 to 10.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * No attempt begins when the job is older than this, 1 minute to 6 hours.
   *
   * @default Duration.hours(6)
   */
  readonly maxEventAge?: Duration;
  /**
   * How long before the function's deadline a running job is aborted, 100 ms to 1 minute.
   *
   * @default Duration.seconds(1), more for small functions
   */
  readonly deadlineMargin?: Duration;
  /**
   * Who runs the jobs.
   *
   * @default - the function's own environment
   */
  readonly delivery?: AsyncHttpDelivery;
  /**
   * The table in which keys and states of jobs are kept, for all environments: its partition key is the string `id`, and
   * its time to live `expiresAt`.
   *
   * @default - keys are known in one environment, and states of jobs are not stored
   */
  readonly store?: ITable;
  /**
   * Keep what background handlers return with the states of their jobs.
   *
   * @default false
   */
  readonly storeResults?: boolean;
  /**
   * Write CloudWatch metrics to the log, for `BackgroundJobs.metricFailures()` and the others.
   *
   * @default false
   */
  readonly metrics?: boolean;
  /**
   * The async-http layer, when it is deployed elsewhere.
   *
   * @default - a layer of the function's stack, with the layer.zip of `@async-http/layer-builder`
   */
  readonly layer?: ILayerVersion;
}

/** What is particular to one function. */
export interface BackgroundOptions {
  /**
   * Background handler of the function's code: `path/to/module.export`.
   *
   * @default - none: `waitUntil` works, and nothing can be handed off
   */
  readonly handler?: string;
}

/**
 * Background work after the reply: gives functions the layer, the variables and the permissions of async-http.
 *
 * ```ts
 * new AsyncHttp(this, 'Background', { onFailure: failedJobs }).addTo(report, { handler: 'index.background' });
 * ```
 */
export class AsyncHttp extends Construct {
  readonly #props: AsyncHttpProps;

  constructor(scope: Construct, id: string, props: AsyncHttpProps = {}) {
    super(scope, id);
    this.#props = props;
  }

  /**
   * Gives one function background jobs. The synthesis fails with a text and a code when the function's runtime or
   * timeout cannot work, or one of its variables is wrong.
   *
   * @throws {AsyncHttpCdkError} when the construct cannot be added at all
   */
  addTo(fn: LambdaFunction, options: BackgroundOptions = {}): BackgroundJobs {
    refuseUnusable(fn);
    const layer = this.#props.layer ?? layerOf(Stack.of(fn));
    return new BackgroundJobs(fn, { ...this.#props, layer, ...options });
  }
}
