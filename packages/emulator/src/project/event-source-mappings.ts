import type { AwsResources } from './aws-resources.ts';
import { CLOUDFORMATION_QUEUE_KEYS } from './cloudformation-queue-keys.ts';
import { functionArnOf } from './lambda-arn.ts';
import type { QueueEventSource } from './project.ts';
import { readQueueEvent } from './queue-event-source.ts';
import type { Section } from './section.ts';
import { notEmulated } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

export const EVENT_SOURCE_MAPPING = 'AWS::Lambda::EventSourceMapping';

export interface EventSourceContext {
  /** The name of the function that an ARN leads to. */
  readonly functionAt: (arn: string) => string | undefined;
  readonly references: AwsResources;
  readonly warnings: Warnings;
}

/**
 * The queues among event source mappings. Sources of other kinds become warnings.
 *
 * @param mappings their properties.
 */
export function readEventSourceMappings(
  mappings: readonly Section[],
  { functionAt, references, warnings }: EventSourceContext,
): QueueEventSource[] {
  return mappings.flatMap((properties) => {
    const arn = references.silently(() => properties.string('EventSourceArn'));
    const service = arn?.split(':')[2] ?? 'unknown';
    if (service !== 'sqs') {
      warnings.add(notEmulated(service), properties.place());
      return [];
    }
    const called = references.silently(() => properties.string('FunctionName'));
    const functionName = functionAt(functionArnOf(called ?? ''));
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
