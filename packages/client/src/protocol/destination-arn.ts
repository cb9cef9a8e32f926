import type {
  BucketTarget,
  DestinationTarget,
  FunctionTarget,
  Partition,
  QueueTarget,
  Service,
} from './destination-target.ts';

/** What comes last in the ARNs of a service, with its name as the group, and an example of it. */
const RESOURCES: Readonly<Record<Service, readonly [form: RegExp, example: string]>> = {
  sqs: [/^([\w-]{1,80})$/, 'my-queue'],
  sns: [/^([\w-]{1,256})$/, 'my-topic'],
  events: [/^event-bus\/([\w./-]{1,256})$/, 'event-bus/my-bus'],
  lambda: [/^function:([\w-]{1,140})(?::(?:\$LATEST|[\w-]{1,128}))?$/, 'function:my-function'],
  s3: [/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/, 'my-bucket'],
};

const PARTITIONS: readonly string[] = ['aws', 'aws-cn', 'aws-us-gov'] satisfies Partition[];

const SERVICE_NAMES = 'SQS, SNS, EventBridge, Lambda and S3';

/** The rest of a sentence that begins with the name of the variable. */
export class Wrong extends Error {}

/** @throws {Wrong} */
export function parseSuccessDestination(value: string): Exclude<DestinationTarget, BucketTarget> {
  const target = parseDestination(value);
  if (target.service === 's3') {
    throw new Wrong(
      'is an S3 bucket, which takes failures only, as on Lambda; use another service',
    );
  }
  return target;
}

/**
 * @returns undefined for `environment`: jobs run where they are handed off
 * @throws {Wrong}
 */
export function parseEngine(value: string): QueueTarget | FunctionTarget | undefined {
  if (value === 'environment') return undefined;
  const target = value.startsWith('arn:') ? parseDestination(value) : undefined;
  if (target?.service === 'sqs' || target?.service === 'lambda') return target;
  throw new Wrong(
    `must be "environment", or the ARN of an SQS queue or a Lambda function; it is ${JSON.stringify(value)}`,
  );
}

/**
 * Looks at the text only; whether the destination exists and may be used shows when the first record is sent.
 *
 * @throws {Wrong}
 * @see Lambda, "Adding a destination": S3 takes failures only, FIFO queues and topics are unsupported
 */
export function parseDestination(arn: string): DestinationTarget {
  const [prefix, partition = '', service = '', region = '', account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (prefix !== 'arn' || resource === '') {
    throw new Wrong(`must be an ARN like ${exampleOf('sqs')}; it is ${JSON.stringify(arn)}`);
  }
  if (!isPartition(partition)) {
    throw new Wrong(`is in ${partition}; known are ${PARTITIONS.join(', ')}`);
  }
  if (!isService(service)) {
    throw new Wrong(`is an ARN of the service "${service}"; possible are ${SERVICE_NAMES}`);
  }
  if ((service === 'sqs' || service === 'sns') && resource.endsWith('.fifo')) {
    throw new Wrong(`is FIFO, which a record cannot be sent to, as on Lambda; use a standard one`);
  }
  const name = RESOURCES[service][0].exec(resource)?.[1];
  const like = `must look like ${exampleOf(service)}; it is ${JSON.stringify(arn)}`;
  if (name === undefined) throw new Wrong(like);
  if (service === 's3') {
    if (region !== '' || account !== '') throw new Wrong(like);
    return { service, arn, name };
  }
  if (!/^\d{12}$/.test(account)) throw new Wrong(like);
  if (!/^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(region) || partitionOf(region) !== partition) {
    throw new Wrong(`names the region "${region}", which is not one of ${partition}; ${like}`);
  }
  return { service, arn, partition, region, account, name };
}

function exampleOf(service: Service): string {
  const where = service === 's3' ? ':' : 'eu-west-1:123456789012';
  return `arn:aws:${service}:${where}:${RESOURCES[service][1]}`;
}

function isService(name: string): name is Service {
  return Object.hasOwn(RESOURCES, name);
}

function isPartition(name: string): name is Partition {
  return PARTITIONS.includes(name);
}

function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
