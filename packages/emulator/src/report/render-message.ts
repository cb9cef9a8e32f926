import type { LocalAwsEvent } from '../local-aws/local-aws-event.ts';
import { type InvocationRecord, readInvocationRecord } from './invocation-record.ts';

type MessageEvent = Extract<LocalAwsEvent, { type: 'aws.message' }>;

/** Longer text only hides the next line. */
const MAX_LENGTH = 300;

/** `FailedJobs: RetriesExhausted …`: what arrived where, on one line. */
export function renderMessage({ resource, key, body }: MessageEvent): string {
  const place = key === undefined ? resource : `${resource}/${key}`;
  const record = readInvocationRecord(body);
  return `→ ${place}: ${record ? renderRecord(record) : shorten(body)}`;
}

function renderRecord({ requestContext, responsePayload }: InvocationRecord): string {
  const { condition, functionArn, approximateInvokeCount: attempts } = requestContext;
  const name = /:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn;
  const { errorType, errorMessage } = responsePayload ?? {};
  const error = [errorType, errorMessage].filter(Boolean).join(': ');
  const tries = attempts === undefined ? '' : `, ${attempts} attempt${attempts === 1 ? '' : 's'}`;
  return `${condition} (${name}${tries})${error ? ` ${shorten(error)}` : ''}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
