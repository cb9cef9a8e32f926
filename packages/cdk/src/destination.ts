import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { AsyncHttpCdkError } from './errors.ts';

/** Who gets the record of a job that succeeded. */
export type SuccessDestination = IQueue | ITopic | IEventBus | IFunction;

/** Who gets the record of a job that failed permanently. */
export type FailureDestination = SuccessDestination | IBucket;

interface Access {
  readonly arn: string;
  readonly action: string;
  /** What the action is allowed on, where that is not the destination itself. */
  readonly resourceArn?: string;
  /** The key of an encrypted destination. Event buses and functions do not need it of the sender. */
  readonly key?: IKey | undefined;
}

/**
 * Allows `sender` to send records, and nothing else, in the policy of its own role.
 *
 * @returns the ARN for the variable
 * @throws {AsyncHttpCdkError} `ASYNC_HTTP_CDK_FIFO_DESTINATION`
 */
export function grantSend(sender: IGrantable, destination: FailureDestination): string {
  const { arn, action, resourceArn = arn, key } = accessTo(destination);
  Grant.addToPrincipal({ grantee: sender, actions: [action], resourceArns: [resourceArn] });
  // Through the key, which also knows accounts and key policies.
  key?.grant(sender, 'kms:GenerateDataKey', 'kms:Decrypt');
  return arn;
}

function accessTo(destination: FailureDestination): Access {
  if ('queueArn' in destination) {
    refuseFifo(destination.fifo, 'queue', destination.node.path);
    const { queueArn: arn, encryptionMasterKey: key } = destination;
    return { arn, action: 'sqs:SendMessage', key };
  }
  if ('topicArn' in destination) {
    refuseFifo(destination.fifo, 'topic', destination.node.path);
    return { arn: destination.topicArn, action: 'sns:Publish', key: destination.masterKey };
  }
  if ('bucketArn' in destination) {
    const { bucketArn: arn, encryptionKey: key } = destination;
    return { arn, action: 's3:PutObject', resourceArn: destination.arnForObjects('*'), key };
  }
  return 'eventBusArn' in destination
    ? { arn: destination.eventBusArn, action: 'events:PutEvents' }
    : { arn: destination.functionArn, action: 'lambda:InvokeFunction' };
}

function refuseFifo(isFifo: boolean | undefined, kind: string, path: string): void {
  if (!isFifo) return;
  throw new AsyncHttpCdkError(
    'ASYNC_HTTP_CDK_FIFO_DESTINATION',
    `The ${kind} ${path} is FIFO, which a record cannot be sent to, as on Lambda. Use a standard ${kind}.`,
  );
}
