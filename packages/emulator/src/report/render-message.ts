import type { LocalAwsEvent } from '../local-aws/local-aws-event.ts';

type MessageEvent = Extract<LocalAwsEvent, { type: 'aws.message' }>;

/** Longer text only hides the next line. */
const MAX_LENGTH = 300;

/** The record of an asynchronous invocation, as Lambda's destinations get it. */
interface InvocationRecord {
  readonly requestContext: {
    readonly functionArn: string;
    readonly condition: string;
    readonly approximateInvokeCount?: number;
  };
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string } | null;
}

/** `FailedJobs: RetriesExhausted …`: what arrived where, on one line. */
export function renderMessage({ resource, key, body }: MessageEvent): string {
  const place = key === undefined ? resource : `${resource}/${key}`;
  const record = readRecord(body);
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

function readRecord(body: string): InvocationRecord | undefined {
  try {
    const { requestContext, ...rest } = JSON.parse(body);
    const isRecord =
      typeof requestContext?.condition === 'string' && 'functionArn' in requestContext;
    return isRecord ? { requestContext, ...rest } : undefined;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
