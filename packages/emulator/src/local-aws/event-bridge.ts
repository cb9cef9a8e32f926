import { randomUUID } from 'node:crypto';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import { awsFailure } from './aws-failure.ts';

/** An event as PutEvents takes it. */
interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/**
 * EventBridge's PutEvents. Every bus takes events; rules are not emulated.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function eventBridge(
  action: string,
  body: Buffer,
  onEvent: (bus: string, detail: string) => void,
): HttpAnswer {
  if (action !== 'PutEvents') {
    return awsFailure(400, 'UnknownOperationException', `${action} is not emulated.`);
  }
  let entries: readonly Entry[];
  try {
    entries = JSON.parse(body.toString()).Entries;
  } catch (error) {
    return awsFailure(400, 'SerializationException', (error as Error).message);
  }
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > 10) {
    return awsFailure(400, 'ValidationException', 'Entries must be a list of 1 to 10 events.');
  }
  const results = entries.map((entry) => {
    const problem = problemOf(entry);
    if (problem) return problem;
    onEvent(busName(entry.EventBusName), entry.Detail ?? '{}');
    return { EventId: randomUUID() };
  });
  const failed = results.filter((result) => 'ErrorCode' in result).length;
  return jsonAnswer(200, JSON.stringify({ FailedEntryCount: failed, Entries: results }));
}

function problemOf({ Source, DetailType, Detail }: Entry) {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value)?.[0];
  if (missing) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  }
  try {
    JSON.parse(Detail ?? '');
    return undefined;
  } catch {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
}

/** A bus is named by its name or its ARN. */
const busName = (bus = 'default'): string => bus.replace(/^arn:.*:event-bus\//, '');
