import { LocalAwsRefusedError } from '../errors.ts';
import { namedResources } from '../project/cloud-resources.ts';
import type { CloudResource } from '../project/project.ts';
import { ACCOUNT_ID } from '../project/pseudo-parameters.ts';
import { tableWithKeys } from '../project/table-definition.ts';
import { findDynalite } from './find-dynalite.ts';
import type { LocalAwsEvent } from './local-aws-event.ts';

export interface LocalServicesOptions {
  /**
   * Variables of a function. The queues, topics, event buses and buckets whose ARNs, or queue URLs, are among the values
   * are there.
   */
  environment?: Readonly<Record<string, string>>;
  /** Tables of DynamoDB. They are in dynalite, a package that the working directory has to have. */
  tables?: readonly LocalTable[];
  /** Called with each message when it has arrived. */
  onMessage?: (message: LocalMessage) => void;
}

/** An empty table, whose keys are strings. */
export interface LocalTable {
  name: string;
  /** Name of the partition key. */
  key: string;
  sortKey?: string;
}

/** What has arrived in a queue, topic, event bus or bucket. */
export interface LocalMessage {
  service: 'sqs' | 'sns' | 'events' | 's3';
  /** The name in AWS. */
  resource: string;
  /** Of an object in a bucket. */
  key?: string;
  body: string;
}

/** SQS, SNS, EventBridge, S3 and, where there are tables, DynamoDB on this machine. */
export interface LocalServices {
  /** Endpoint of all of them, on loopback. The URL of a queue is `<url>/<account>/<name>`. */
  readonly url: string;
  /** The given variables, and those that lead AWS's clients here; for `startLambda()`. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that has arrived so far, in order. */
  readonly messages: readonly LocalMessage[];
  /** Resolves when what has been sent so far is among `messages`. */
  settled(): Promise<void>;
  /** Ends the services; what is in them is gone. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts what stands in for AWS's services, as `dev` has it, for functions of `startLambda()`. Messages stay in their
 * queues: no function fetches them.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_LOCAL_AWS_REFUSED` when a name is one that AWS would refuse too; code
 * `ASYNC_HTTP_EMULATOR_DYNALITE_MISSING` when there are to be tables, and dynalite is not installed.
 */
export async function startLocalAws({
  environment = {},
  tables = [],
  onMessage,
}: LocalServicesOptions = {}): Promise<LocalServices> {
  const messages: LocalMessage[] = [];
  const problems: string[] = [];
  // Most tests do without.
  const { LocalAws } = await import('./local-aws.ts');
  const folder = process.cwd();
  if (tables.length > 0) findDynalite(folder);
  const resources = [...namedResources(Object.values(environment)), ...tables.map(toResource)];
  const aws = await LocalAws.start(
    { resources, eventSources: [] },
    {
      folder,
      onEvent(event) {
        const message = toMessage(event);
        messages.push(...message);
        for (const one of message) onMessage?.(one);
      },
      onProblem: (problem) => problems.push(problem),
    },
  );
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= aws.close();
    return closed;
  };
  await aws.created();
  if (problems.length > 0) {
    await close();
    throw new LocalAwsRefusedError(problems);
  }
  return {
    url: aws.url,
    environment: { ...aws.withLocalUrls(environment), ...aws.variablesFor(environment) },
    messages,
    settled: () => aws.settled(),
    close,
  };
}

const toMessage = (event: LocalAwsEvent): LocalMessage[] => {
  if (event.type !== 'aws.message') return [];
  const { service, resource, key, body } = event;
  return [{ service, resource, ...(key !== undefined && { key }), body }];
};

const toResource = ({ name, key, sortKey }: LocalTable): CloudResource => ({
  service: 'dynamodb',
  label: name,
  name,
  arn: `arn:aws:dynamodb:us-east-1:${ACCOUNT_ID}:table/${name}`,
  table: tableWithKeys(key, sortKey),
});
