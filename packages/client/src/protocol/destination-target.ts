/** An SQS queue, SNS topic, EventBridge bus or Lambda function, as its ARN names it. */
interface RegionalTarget<Service extends string> {
  readonly service: Service;
  readonly arn: string;
  readonly partition: Partition;
  /** The client talks to this region, which may be another one than the function's. */
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

export type QueueTarget = RegionalTarget<'sqs'>;
export type TopicTarget = RegionalTarget<'sns'>;
export type BusTarget = RegionalTarget<'events'>;
export type FunctionTarget = RegionalTarget<'lambda'>;

/** An ARN of a bucket has no region: the client starts in the function's and follows redirects. */
export interface BucketTarget {
  readonly service: 's3';
  readonly arn: string;
  readonly name: string;
}

export type DestinationTarget =
  | QueueTarget
  | TopicTarget
  | BusTarget
  | FunctionTarget
  | BucketTarget;

export type Service = DestinationTarget['service'];
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** What a role must be allowed to do to send there; on the objects of a bucket, elsewhere on the destination itself. */
export const SEND_ACTIONS: Readonly<Record<Service, string>> = {
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  events: 'events:PutEvents',
  lambda: 'lambda:InvokeFunction',
  s3: 's3:PutObject',
};

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The largest record that each service takes, in bytes.
 *
 * @see SQS, "Message quotas"; SNS, "Publishing large messages"; Lambda, "Quotas": asynchronous
 * payload; EventBridge, "PutEvents": the size of an entry counts its source, type and resources too
 */
export const MAX_RECORD_BYTES: Readonly<Record<Service, number>> = {
  sqs: MIB,
  sns: 256 * KIB,
  events: MIB - 2 * KIB,
  lambda: MIB,
  s3: Number.POSITIVE_INFINITY,
};
