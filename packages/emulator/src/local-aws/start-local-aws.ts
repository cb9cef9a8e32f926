import { LocalAwsRefusedError } from '../errors.ts';
import { namedResources } from '../project/cloud-resources.ts';
import type { LocalAwsEvent } from './local-aws-event.ts';

export interface LocalServicesOptions {
  /**
   * Variables of a function. The queues, topics, event buses and buckets whose ARNs, or queue URLs, are among the values
   * are there.
   */
  environment?: Readonly<Record<string, string>>;
  /** Called with each message when it has arrived. */
  onMessage?: (message: LocalMessage) => void;
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

/** SQS, SNS, EventBridge and S3 on this machine. */
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
 * @throws code `ASYNC_HTTP_EMULATOR_LOCAL_AWS_REFUSED` when a name is one that AWS would refuse too.
 */
export async function startLocalAws({
  environment = {},
  onMessage,
}: LocalServicesOptions = {}): Promise<LocalServices> {
  const messages: LocalMessage[] = [];
  const problems: string[] = [];
  // Most tests do without.
  const { LocalAws } = await import('./local-aws.ts');
  const aws = await LocalAws.start(
    { resources: namedResources(Object.values(environment)), eventSources: [] },
    {
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
