import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { QueueDelivery, type QueueDeliveryOptions } from './queue-delivery.ts';

/** Who runs the jobs instead of the function's own environment. */
export abstract class AsyncHttpDelivery {
  /**
   * An SQS queue, a dead-letter queue and a worker for each function. The worker has the function's code, role,
   * variables, layers and network, and the handler `/opt/proxy.consumer`.
   */
  static queue(options: QueueDeliveryOptions): AsyncHttpDelivery {
    return { bind: (scope, fn) => new QueueDelivery(scope, fn, options) };
  }

  /** Makes what one function needs, in `scope`. */
  abstract bind(scope: Construct, fn: LambdaFunction): QueueDelivery;
}
