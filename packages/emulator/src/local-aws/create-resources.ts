import type { CloudResource } from '../project/project.ts';
import { toFauxqsArn, toFauxqsAttributes } from './account.ts';
import type { Fauxqs } from './fauxqs.ts';

/** Creates what is not there yet; a queue gets its present attributes. Reports what fauxqs refuses. */
export async function createResources(
  fauxqs: Fauxqs,
  resources: readonly CloudResource[],
  onRefused: (resource: CloudResource, reason: string) => void,
): Promise<void> {
  for (const resource of resources) {
    try {
      await create(fauxqs, resource);
    } catch (error) {
      onRefused(resource, (error as Error).message);
    }
  }
}

async function create(fauxqs: Fauxqs, resource: CloudResource): Promise<void> {
  const { service, arn, name } = resource;
  switch (service) {
    case 'sqs': {
      const attributes = toFauxqsAttributes(resource.attributes);
      const { FifoQueue, ...settable } = attributes;
      await fauxqs.sqs('CreateQueue', arn, { ...(FifoQueue && { Attributes: { FifoQueue } }) });
      await fauxqs.sqs('SetQueueAttributes', arn, { Attributes: settable });
      return;
    }
    case 'sns':
      return createTopic(fauxqs, resource);
    case 's3':
      return fauxqs.createBucket(name);
    case 'events':
      // Every bus takes events.
      return;
    case 'dynamodb':
      // Tables are not in fauxqs.
      return;
    default:
      return service satisfies never;
  }
}

async function createTopic(
  fauxqs: Fauxqs,
  { arn, name, subscriptions = [] }: CloudResource,
): Promise<void> {
  const region = arn.split(':')[3] ?? '';
  await fauxqs.sns(region, { Action: 'CreateTopic', Name: name });
  for (const { queueArn, attributes } of subscriptions) {
    const entries = Object.entries(attributes).flatMap(([key, value], index) => [
      [`Attributes.entry.${index + 1}.key`, key],
      [`Attributes.entry.${index + 1}.value`, value],
    ]);
    await fauxqs.sns(region, {
      Action: 'Subscribe',
      TopicArn: toFauxqsArn(arn),
      Protocol: 'sqs',
      Endpoint: toFauxqsArn(queueArn),
      ...Object.fromEntries(entries),
    });
  }
}
