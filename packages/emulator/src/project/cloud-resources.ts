import type { DeclaredResource, DeclaredResources } from './declared-resources.ts';
import type { CloudResource, FunctionDefinition, QueueEventSource } from './project.ts';
import { isRecord } from './record.ts';
import { LOCAL_TYPES } from './resource-kinds.ts';
import type { Section } from './section.ts';
import { readTable } from './table-definition.ts';

interface Sources {
  readonly declared: DeclaredResources;
  readonly functions: readonly FunctionDefinition[];
  readonly eventSources: readonly QueueEventSource[];
}

/** Attributes of SQS that CloudFormation has as properties of the same name. */
const QUEUE_ATTRIBUTES = [
  ...['ContentBasedDeduplication', 'DeduplicationScope', 'DelaySeconds', 'FifoQueue'],
  ...['FifoThroughputLimit', 'MaximumMessageSize', 'MessageRetentionPeriod'],
  ...['ReceiveMessageWaitTimeSeconds', 'RedrivePolicy', 'VisibilityTimeout'],
];
const SUBSCRIPTION_ATTRIBUTES = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery'];

const ARN = /^arn:[\w-]+:(sqs|sns|events|s3):([\w-]*):\d*:(?:event-bus\/)?([\w./-]+)$/;
const QUEUE_URL = /^https:\/\/sqs\.([\w-]+)\.amazonaws\.com(\.cn)?\/(\d{12})\/([\w.-]+)$/;

/**
 * The queues, topics, event buses and buckets that a project has: those it declares, and those that event
 * sources and variables name. Tables are only those it declares: a name does not say what their keys are.
 */
export function readCloudResources({
  declared,
  functions,
  eventSources,
}: Sources): CloudResource[] {
  const own = declared.local().map((resource) => toCloudResource(resource, declared));
  const named = namedResources([
    ...eventSources.map(({ queueArn }) => queueArn),
    ...functions.flatMap(({ environment }) => Object.values(environment)),
  ]);
  const byArn = new Map([...named, ...own].map((resource) => [resource.arn, resource]));
  return [...byArn.values()];
}

/** The queues, topics, event buses and buckets among texts: by their ARN, queues by their URL too. */
export function namedResources(texts: readonly string[]): CloudResource[] {
  const byArn = new Map(
    texts.flatMap((text) => namedResource(text) ?? []).map((resource) => [resource.arn, resource]),
  );
  return [...byArn.values()];
}

function toCloudResource(
  { logicalId, type, name, properties }: DeclaredResource,
  declared: DeclaredResources,
): CloudResource {
  const service = LOCAL_TYPES[type] ?? 'sqs';
  const arn = declared.valueOf(logicalId, service === 'sns' ? undefined : 'Arn') ?? logicalId;
  const isQueue = service === 'sqs';
  const subscriptions = service === 'sns' ? subscriptionsOf(arn, properties, declared) : [];
  return {
    service,
    label: logicalId,
    name,
    arn,
    ...(isQueue && { attributes: attributesOf(properties, QUEUE_ATTRIBUTES) }),
    ...(subscriptions.length > 0 && { subscriptions }),
    ...(service === 'dynamodb' && tableOf(type, properties)),
  };
}

function tableOf(type: string, properties: Section) {
  const specification = properties.section('TimeToLiveSpecification');
  const isEnabled = specification.string('Enabled') !== 'false';
  const timeToLive = isEnabled ? specification.string('AttributeName') : undefined;
  return { table: readTable(type, properties), ...(timeToLive && { timeToLive }) };
}

function namedResource(value: string): CloudResource | undefined {
  const [, region, china, account, queue] = QUEUE_URL.exec(value) ?? [];
  if (queue !== undefined) {
    const arn = `arn:aws${china ? '-cn' : ''}:sqs:${region}:${account}:${queue}`;
    return { service: 'sqs', label: queue, name: queue, arn };
  }
  const [, service, , name] = ARN.exec(value) ?? [];
  if (service === undefined || name === undefined) return undefined;
  return { service: service as CloudResource['service'], label: name, name, arn: value };
}

/** The queues that a topic writes to: its own list, and resources of their own. */
function subscriptionsOf(topicArn: string, topic: Section, declared: DeclaredResources) {
  const ofTopic = declared
    .ofType('AWS::SNS::Subscription')
    .filter((properties) => properties.string('TopicArn') === topicArn);
  return [...topic.items('Subscription'), ...ofTopic]
    .filter((subscription) => subscription.string('Protocol') === 'sqs')
    .map((subscription) => ({
      queueArn: subscription.string('Endpoint') ?? '',
      attributes: attributesOf(subscription, SUBSCRIPTION_ATTRIBUTES),
    }));
}

function attributesOf(properties: Section, names: readonly string[]): Record<string, string> {
  const present = names.filter((name) => properties.has(name));
  return Object.fromEntries(
    present.map((name) => {
      const value = properties.get(name);
      return [name, isRecord(value) ? JSON.stringify(value) : String(value)];
    }),
  );
}
