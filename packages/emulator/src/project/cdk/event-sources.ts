import type { AwsResources } from '../aws-resources.ts';
import { CLOUDFORMATION_QUEUE_KEYS } from '../cloudformation-queue-keys.ts';
import type { QueueEventSource } from '../project.ts';
import { readQueueEvent } from '../queue-event-source.ts';
import { notEmulated } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import type { CdkResource } from './resources.ts';

export interface EventSourceContext {
  /** The name of the function that a name or ARN leads to. */
  readonly functionAt: (nameOrArn: string) => string | undefined;
  readonly references: AwsResources;
  readonly warnings: Warnings;
}

/** The queues among `AWS::Lambda::EventSourceMapping`. Sources of other kinds become warnings. */
export function readEventSources(
  mappings: readonly CdkResource[],
  { functionAt, references, warnings }: EventSourceContext,
): QueueEventSource[] {
  return mappings.flatMap(({ properties, section }) => {
    const arn = references.silently(() => properties.string('EventSourceArn'));
    const service = arn?.split(':')[2] ?? 'unknown';
    if (service !== 'sqs') {
      warnings.add(notEmulated(service), section.place());
      return [];
    }
    const functionName = functionAt(properties.string('FunctionName') ?? '');
    if (functionName === undefined) return [];
    return readQueueEvent({
      functionName,
      queueArn: arn,
      settings: properties,
      concurrency: [properties.section('ScalingConfig'), 'MaximumConcurrency'],
      keys: CLOUDFORMATION_QUEUE_KEYS,
    });
  });
}
