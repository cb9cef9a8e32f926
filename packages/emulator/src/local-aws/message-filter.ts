import { parseJson } from '../parse-json.ts';
import { isRecord, type Values } from '../project/record.ts';
import { matchesEvent } from './event-pattern.ts';
import type { SqsRecord } from './sqs-event.ts';

/**
 * Whether a message passes one of the filters of an event source; without filters, all do. A pattern for fields of
 * the body needs a body that is JSON, a pattern for its text one that is not.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export function passesFilters(record: SqsRecord, filters: readonly Values[] = []): boolean {
  if (filters.length === 0) return true;
  const json = parseObject(record.body);
  return filters.some((filter) => {
    const { body } = filter;
    if (body === undefined) return matchesEvent(filter, record);
    if (isRecord(body))
      return json !== undefined && matchesEvent(filter, { ...record, body: json });
    return json === undefined && matchesEvent(filter, record);
  });
}

function parseObject(text: string): unknown {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}
