import type { ContextData } from '@async-http/client/protocol';
import { escapeNoncharacters } from '../invocation-record.ts';
import { splitJobBody } from '../job-body.ts';

/**
 * What an engine receives instead of the background handler of this environment: the body of an SQS
 * message, or the event of an asynchronous invocation. The contract with the consumer.
 */
export interface Envelope {
  /** Of this contract. A consumer refuses what it does not know, so that the queue keeps it. */
  readonly asyncHttpVersion: typeof ENVELOPE_VERSION;
  readonly jobId: string;
  /** `awsRequestId` of the request that handed the job off. */
  readonly requestId: string;
  /** Wall-clock ms since the epoch. */
  readonly acceptedAt: number;
  /** X-Ray trace id of that request. */
  readonly traceId?: string;
  readonly event: unknown;
  /** Of that request; the deadline of the job is that of the consumer's own invocation. */
  readonly context: ContextData;
}

/** Changes when an older consumer could misread an envelope. */
export const ENVELOPE_VERSION = '1';

/** A job on its way to an engine. */
export interface Delivery {
  readonly jobId: string;
  readonly requestId: string;
  readonly acceptedAt: number;
  readonly traceId?: string | undefined;
  /** The hand-off: `{"event":…,"context":…}`. */
  readonly body: Buffer;
}

/** What a consumer got is no envelope, or one of another version. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code = 'ASYNC_HTTP_ENVELOPE_INVALID';
}

/**
 * Writes an envelope around the bytes of a hand-off.
 *
 * @returns undefined when the body is not `{"event":…,"context":…}`
 */
export function formatEnvelope({
  jobId,
  requestId,
  acceptedAt,
  traceId,
  body,
}: Delivery): string | undefined {
  const parts = splitJobBody(body);
  if (!parts) return undefined;
  const head = JSON.stringify({
    asyncHttpVersion: ENVELOPE_VERSION,
    jobId,
    requestId,
    acceptedAt,
    traceId,
  });
  return escapeNoncharacters(
    `${head.slice(0, -1)},"event":${parts.event.toString()},"context":${parts.context.toString()}}`,
  );
}

/**
 * Reads what `formatEnvelope()` wrote.
 *
 * @param value JSON text, or the value it was parsed to
 * @throws {EnvelopeError}
 */
export function readEnvelope(value: unknown): Envelope {
  const envelope = typeof value === 'string' ? parse(value) : value;
  if (!isObject(envelope) || !('asyncHttpVersion' in envelope)) {
    throw new EnvelopeError(
      'This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.',
    );
  }
  if (envelope.asyncHttpVersion !== ENVELOPE_VERSION) {
    throw new EnvelopeError(
      `The job was written by version ${envelope.asyncHttpVersion} of the envelope, and this consumer reads version ${ENVELOPE_VERSION}. Use the same version of the async-http layer on both sides.`,
    );
  }
  const { jobId, requestId, acceptedAt, context } = envelope;
  const isComplete =
    typeof jobId === 'string' &&
    typeof requestId === 'string' &&
    typeof acceptedAt === 'number' &&
    'event' in envelope &&
    isObject(context);
  if (!isComplete) throw new EnvelopeError('The envelope of the job is incomplete.');
  return envelope as unknown as Envelope;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // Somebody else's message.
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
