import { randomUUID } from 'node:crypto';
import { cutText } from './cut-text.ts';
import { splitJobBody } from './job-body.ts';
import type { FailureCondition } from './retry-policy.ts';

/** How a job ended. */
export type Outcome =
  | {
      readonly condition: 'Success';
      /** What the handler returned, as JSON. */
      readonly result: string;
    }
  | {
      readonly condition: FailureCondition;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
    };

/** What a record is made of. */
export interface SettledJob {
  readonly requestId: string;
  /** `invokedFunctionArn`, with or without a qualifier. */
  readonly functionArn: string;
  readonly functionVersion: string;
  /** How many attempts have been started; 0 for a job that never ran. */
  readonly attempts: number;
  /** The hand-off: `{"event":…,"context":…}`. */
  readonly body: Buffer;
  readonly outcome: Outcome;
  /** Wall-clock ms since the epoch. */
  readonly settledAt: number;
}

/** The record that a destination receives, and what the services want to know beside it. */
export interface InvocationRecord {
  /** The record itself. */
  readonly json: string;
  readonly isSuccess: boolean;
  /** With the qualifier. */
  readonly functionArn: string;
  readonly functionName: string;
  readonly settledAt: number;
  /** Unique. The same however often it is sent, so that a repeated upload does not make a second object. */
  readonly id: string;
}

/**
 * What a record needs beside the event and the handler's result: names, ids, and the error. A hand-off
 * is accepted only when its event leaves this much room at the destination.
 */
export const RECORD_RESERVE_BYTES = 16 * 1024;

/** What is left of an error that does not fit, in bytes of JSON; three of them are within the reserve. */
const CUT_ERROR_BYTES = 4 * 1024;

/**
 * Writes the invocation record, version 1.0, of Lambda's asynchronous invocation, for a job that is
 * settled. The event is embedded as the bytes that were handed off. Where it differs from Lambda:
 *
 * - `condition` can also be `DeadlineExceeded` or `EnvironmentShutdown`;
 * - a body that is not JSON becomes a string in `requestPayload`, so that the record is still JSON;
 * - a result that does not fit is `null`, and an error is cut; the member `asyncHttp.omitted` then says so.
 *
 * A job that never ran looks like one that failed, with `approximateInvokeCount` 0.
 *
 * @param maxBytes what the destination takes. Only the event can make a record larger.
 * @see Lambda, "Adding a destination": the record's fields
 */
export function createInvocationRecord(
  job: SettledJob,
  { maxBytes = Number.POSITIVE_INFINITY, id = randomUUID() as string } = {},
): InvocationRecord {
  const { outcome, settledAt } = job;
  const functionArn = qualified(job.functionArn, job.functionVersion);
  const isSuccess = outcome.condition === 'Success';
  const context = {
    version: '1.0',
    timestamp: new Date(settledAt).toISOString(),
    requestContext: {
      requestId: job.requestId,
      functionArn,
      condition: outcome.condition,
      approximateInvokeCount: job.attempts,
    },
  };
  const responseContext = {
    statusCode: 200,
    executedVersion: job.functionVersion,
    ...(!isSuccess && { functionError: 'Unhandled' }),
  };
  const start =
    `${JSON.stringify(context).slice(0, -1)},"requestPayload":${eventJson(job.body)},` +
    `"responseContext":${JSON.stringify(responseContext)},"responsePayload":`;
  const leftBytes = maxBytes - Buffer.byteLength(start) - '}'.length;
  return {
    json: escapeNoncharacters(`${start}${responsePayload(outcome, leftBytes)}}`),
    isSuccess,
    functionArn,
    functionName: functionArn.split(':')[6] ?? '',
    settledAt,
    id,
  };
}

/** As the samples have it: `…:function:my-function:$LATEST`. A qualifier that was invoked stays. */
function qualified(functionArn: string, version: string): string {
  return functionArn.split(':').length > 7 ? functionArn : `${functionArn}:${version}`;
}

function eventJson(body: Buffer): string {
  const event = splitJobBody(body)?.event.toString();
  return event !== undefined && isJson(event) ? event : JSON.stringify(body.toString());
}

/** The last member of the record; where something is left out, another one follows it. */
function responsePayload(outcome: Outcome, leftBytes: number): string {
  const payload = outcome.condition === 'Success' ? outcome.result : errorJson(outcome);
  const bytes = Buffer.byteLength(payload);
  if (bytes <= leftBytes) return payload;
  const omitted = `responsePayload has ${bytes} bytes and does not fit the destination; an S3 bucket takes records of any size`;
  return `${cut(outcome)},"asyncHttp":${JSON.stringify({ omitted })}`;
}

/** The words of the Node.js runtime, which says `trace`. */
function errorJson(error: Exclude<Outcome, { condition: 'Success' }>): string {
  const { errorType, errorMessage, stackTrace } = error;
  return JSON.stringify({ errorType, errorMessage, trace: stackTrace });
}

function cut(outcome: Outcome): string {
  if (outcome.condition === 'Success') return 'null';
  return errorJson({
    condition: outcome.condition,
    errorType: cutText(outcome.errorType, CUT_ERROR_BYTES),
    errorMessage: cutText(outcome.errorMessage, CUT_ERROR_BYTES),
    stackTrace: [cutText(outcome.stackTrace.join('\n'), CUT_ERROR_BYTES)],
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * SQS refuses messages with U+FFFE or U+FFFF, which JSON allows in strings.
 *
 * @see SQS API, SendMessage, "MessageBody": the allowed characters
 */
export function escapeNoncharacters(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) =>
    character === '\uFFFE' ? '\\ufffe' : '\\uffff',
  );
}
