import { parseJson } from '../parse-json.ts';
import type { QueueEventSource } from './project.ts';
import { isRecord, type Values } from './record.ts';
import type { Section } from './section.ts';

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
}

// Lambda, "CreateEventSourceMapping": BatchSize of SQS.
const DEFAULT_BATCH_SIZE = 10;
// Lambda, "Configuring scaling behavior for SQS event source mappings": it starts with five.
const DEFAULT_CONCURRENCY = 5;

/** Reads an event that says which queue's messages invoke a function; nothing when it is off, or names no queue. */
export function readQueueEvent(event: QueueEvent): QueueEventSource[] {
  const { functionName, queueArn, settings, keys } = event;
  if (settings?.get(keys.enabled) === false) return [];
  if (queueArn === undefined || !/^arn:[\w-]+:sqs:/.test(queueArn)) return [];
  const [owner, key] = event.concurrency;
  const filters = settings ? readFilters(settings, keys.filters) : [];
  const responseTypes = settings?.list(keys.responseTypes) ?? [];
  return [
    {
      functionName,
      queueArn,
      batchSize: settings?.integer(keys.batchSize) ?? DEFAULT_BATCH_SIZE,
      batchingWindowMs: 1000 * (settings?.integer(keys.window) ?? 0),
      reportsFailures: responseTypes.includes('ReportBatchItemFailures'),
      maxConcurrency: owner?.integer(key) ?? DEFAULT_CONCURRENCY,
      ...(filters.length > 0 && { filters }),
    },
  ];
}

/** Patterns, or CloudFormation's `{ Filters: [{ Pattern: '{…}' }] }`. */
function readFilters(settings: Section, key: string): Values[] {
  const criteria = settings.get(key);
  const given = isRecord(criteria) ? criteria.Filters : criteria;
  return (Array.isArray(given) ? given : []).map((filter: unknown) => {
    const pattern = isRecord(filter) && 'Pattern' in filter ? filter.Pattern : filter;
    const value = typeof pattern === 'string' ? parseJson(pattern) : pattern;
    return isRecord(value) ? value : settings.fail('has a pattern that is not a JSON object', key);
  });
}
