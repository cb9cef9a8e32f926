import type { ApiRoute } from '../api-list.ts';
import type { AwsResources } from '../aws-resources.ts';
import { CLOUDFORMATION_QUEUE_KEYS } from '../cloudformation-queue-keys.ts';
import type { QueueEventSource } from '../project.ts';
import { readQueueEvent } from '../queue-event-source.ts';
import { readTransferMode, toHttpApiRoute, toRestRoute } from '../routes.ts';
import type { Section } from '../section.ts';
import { misspelt, notEmulated } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';

/** Logical ids of the APIs that SAM adds for events that name none. */
const HTTP_API = 'ServerlessHttpApi';
const REST_API = 'ServerlessRestApi';

const KINDS = ['HttpApi', 'Api'];

/** A route of an event, and the properties of the event. */
export interface SamRoute extends ApiRoute {
  readonly event?: Section;
}

export interface SamEventContext {
  readonly functionName: string;
  readonly resource: Section;
  readonly resources: AwsResources;
  readonly warnings: Warnings;
}

/** The routes among a function's `Events`. Other types become warnings, one for each type. */
export function readSamEvents({
  functionName,
  resource,
  resources,
  warnings,
}: SamEventContext): SamRoute[] {
  return resource
    .section('Properties')
    .section('Events')
    .sections()
    .flatMap(([, event]): SamRoute[] => {
      const type = event.string('Type') ?? 'unknown';
      if (type === 'SQS') return [];
      if (!KINDS.includes(type)) {
        const meant = KINDS.find((known) => known.toLowerCase() === type.toLowerCase());
        warnings.add(meant ? misspelt(type, meant) : notEmulated(type), event.place());
        return [];
      }
      const properties = event.section('Properties');
      const input = {
        method: properties.string('Method'),
        path: properties.string('Path'),
        timeoutMs: properties.integer('TimeoutInMillis'),
        functionName,
      };
      // The API is a resource of the template, and served here.
      const api = (key: string) => resources.silently(() => properties.string(key));
      if (type === 'Api') {
        const name = api('RestApiId') ?? REST_API;
        const mode = readTransferMode(properties.string('ResponseTransferMode'));
        const route = toRestRoute({ ...input, ...mode }, event.place());
        return [{ api: { name, protocol: 'rest' }, route, event: properties }];
      }
      const name = api('ApiId') ?? HTTP_API;
      const payload = properties.string('PayloadFormatVersion');
      const route = toHttpApiRoute(
        { ...input, ...(payload === '1.0' && { payloadFormat: payload }) },
        event.place(),
      );
      return [{ api: { name, protocol: 'http' }, route, event: properties }];
    });
}

/** The queues among a function's `Events`. */
export function readSamQueueEvents({
  functionName,
  resource,
  resources,
}: SamEventContext): QueueEventSource[] {
  const events = resource.section('Properties').section('Events').sections();
  return events
    .filter(([, event]) => event.string('Type') === 'SQS')
    .flatMap(([, event]) => {
      const settings = event.section('Properties');
      return readQueueEvent({
        functionName,
        queueArn: resources.silently(() => settings.string('Queue')),
        settings,
        concurrency: [settings.section('ScalingConfig'), 'MaximumConcurrency'],
        keys: CLOUDFORMATION_QUEUE_KEYS,
      });
    });
}
