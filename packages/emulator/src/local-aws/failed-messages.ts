import type { InvokeResult } from '../lambda-types.ts';
import { isRecord } from '../project/record.ts';

export interface BatchFailure {
  /** Ids of the messages that stay in the queue. */
  readonly failed: ReadonlySet<string>;
  readonly problem?: string;
}

/**
 * Which messages of a batch have failed, by the function's answer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessages(
  ids: readonly string[],
  { statusCode, functionError, payload }: InvokeResult,
  reportsFailures: boolean,
): BatchFailure {
  const all = (problem: string) => ({ failed: new Set(ids), problem });
  if (statusCode !== 200) return all(`the invoke got status ${statusCode}`);
  if (functionError) return all(errorOf(payload));
  if (!reportsFailures) return { failed: new Set() };
  let answer: unknown;
  try {
    answer = JSON.parse(payload.toString() || 'null');
  } catch {
    return all('its answer is not JSON');
  }
  const list = isRecord(answer) ? answer.batchItemFailures : answer;
  if (list === null || list === undefined) return { failed: new Set() };
  if (!Array.isArray(list)) return all('its answer has no list batchItemFailures');
  const named = list.map((item) => (isRecord(item) ? item.itemIdentifier : undefined));
  const unknown = named.find((id) => typeof id !== 'string' || !ids.includes(id));
  return named.length > 0 && (unknown !== undefined || named.includes(undefined))
    ? all(`batchItemFailures names ${JSON.stringify(unknown)}, which is not a message of the batch`)
    : { failed: new Set(named as string[]) };
}

function errorOf(payload: Buffer): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload.toString());
    return [errorType, errorMessage].filter(Boolean).join(': ') || 'the function failed';
  } catch {
    return 'the function failed';
  }
}
