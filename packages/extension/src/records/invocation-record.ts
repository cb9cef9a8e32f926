import { escapeNoncharacters } from '@async-http/client/protocol';
import { cutText } from './cut-text.ts';
import type { Outcome } from './outcome.ts';

/** What a record is made of. */
export interface SettledJob {
  readonly requestId: string;
  /** `invokedFunctionArn`, with or without a qualifier. */
  readonly functionArn: string;
  readonly functionVersion: string;
  /** How many attempts have been started; 0 for a job that never ran. */
  readonly attempts: number;
  /** As JSON, in the bytes that were handed off. */
  readonly event: Buffer;
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

/** What is left of an error that does not fit, in bytes of JSON; three of them are within the reserve. */
const CUT_ERROR_BYTES = 4 * 1024;

/**
 * Writes the invocation record, version 1.0, of Lambda's asynchronous invocation, for a job that is
 * settled. The event is embedded as the bytes that were handed off, unread. Where it differs from Lambda:
 *
 * - `condition` can also be `DeadlineExceeded` or `EnvironmentShutdown`;
 * - a result that does not fit, or that JSON cannot hold, is `null`, and an error is cut; the member
 *   `asyncHttp.omitted` then says so.
 *
 * A job that never ran looks like one that failed, with `approximateInvokeCount` 0.
 *
 * @param maxBytes what the destination takes. Only the event can make a record larger.
 * @see Lambda, "Adding a destination": the record's fields
 */
export function createInvocationRecord(
  job: SettledJob,
  { maxBytes = Number.POSITIVE_INFINITY, id = randomId() } = {},
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
    `${JSON.stringify(context).slice(0, -1)},"requestPayload":${escapeNoncharacters(job.event.toString())},` +
    `"responseContext":${JSON.stringify(responseContext)},"responsePayload":`;
  const leftBytes = maxBytes - Buffer.byteLength(start) - '}'.length;
  return {
    json: `${start}${responsePayload(outcome, leftBytes)}}`,
    isSuccess,
    functionArn,
    functionName: functionArn.split(':')[6] ?? '',
    settledAt,
    id,
  };
}

/** `node:crypto` is loaded only when a record is written, because it delays the first job. */
function randomId(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

/** As the samples have it: `…:function:my-function:$LATEST`. A qualifier that was invoked stays. */
function qualified(functionArn: string, version: string): string {
  return functionArn.split(':').length > 7 ? functionArn : `${functionArn}:${version}`;
}

/** The last member of the record; where something is left out, another one follows it. */
function responsePayload(outcome: Outcome, leftBytes: number): string {
  const payload = escapeNoncharacters(
    outcome.condition === 'Success' ? outcome.result : errorJson(outcome),
  );
  const bytes = Buffer.byteLength(payload);
  if (bytes <= leftBytes) {
    const reason = outcome.condition === 'Success' ? outcome.omitted : undefined;
    return reason === undefined
      ? payload
      : `${payload},"asyncHttp":${JSON.stringify({ omitted: reason })}`;
  }
  const omitted = `responsePayload has ${bytes} bytes and does not fit the destination; an S3 bucket takes records of any size`;
  return `${escapeNoncharacters(cut(outcome))},"asyncHttp":${JSON.stringify({ omitted })}`;
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
