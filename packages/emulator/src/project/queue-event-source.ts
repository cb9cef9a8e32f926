import type { QueueEventSource } from './project.ts';
import type { Section } from './section.ts';
import { FILTERS } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** Names of the settings, which differ between the tools. */
export interface QueueEventKeys {
  readonly batchSize: string;
  readonly window: string;
  readonly responseTypes: string;
  readonly enabled: string;
  readonly filters: string;
}

export interface QueueEvent {
  readonly functionName: string;
  readonly queueArn: string | undefined;
  /** Absent when the event is nothing but the ARN. */
  readonly settings: Section | undefined;
  /** The section with the maximum concurrency, and its name there. */
  readonly concurrency: readonly [Section | undefined, string];
  readonly keys: QueueEventKeys;
  readonly warnings: Warnings;
}

// Lambda, "CreateEventSourceMapping": BatchSize of SQS.
const DEFAULT_BATCH_SIZE = 10;
// Lambda, "Configuring scaling behavior for SQS event source mappings": it starts with five.
const DEFAULT_CONCURRENCY = 5;

/** Reads an event that says which queue's messages invoke a function; nothing when it is off, or names no queue. */
export function readQueueEvent(event: QueueEvent): QueueEventSource[] {
  const { functionName, queueArn, settings, keys, warnings } = event;
  if (settings?.get(keys.enabled) === false) return [];
  if (settings?.has(keys.filters)) warnings.add(FILTERS, settings.place(keys.filters));
  if (queueArn === undefined || !/^arn:[\w-]+:sqs:/.test(queueArn)) return [];
  const [owner, key] = event.concurrency;
  const responseTypes = settings?.list(keys.responseTypes) ?? [];
  return [
    {
      functionName,
      queueArn,
      batchSize: settings?.integer(keys.batchSize) ?? DEFAULT_BATCH_SIZE,
      batchingWindowMs: 1000 * (settings?.integer(keys.window) ?? 0),
      reportsFailures: responseTypes.includes('ReportBatchItemFailures'),
      maxConcurrency: owner?.integer(key) ?? DEFAULT_CONCURRENCY,
    },
  ];
}
