/**
 * What travels from the extension that accepts a job to the consumer that has it run, through the engine
 * that `ASYNC_HTTP_DELIVERY` names: the body of an SQS message, or the event of an asynchronous invocation.
 *
 * Constants, types and pure functions only, as in the wire contract: the extension bundles this file.
 */
import type { ContextData } from './answers.ts';
import { isWord } from './bell.ts';

/** Changes when an older consumer could misread an envelope. */
export const ENVELOPE_VERSION = '1';

export interface Envelope {
  /** Of this contract. A consumer refuses what it does not know, so that the engine keeps it. */
  readonly asyncHttpVersion: typeof ENVELOPE_VERSION;
  /** `<awsRequestId>.<n>` */
  readonly jobId: string;
  /** `awsRequestId` of the request that handed the job off. */
  readonly requestId: string;
  /** Wall-clock ms since the epoch. */
  readonly acceptedAt: number;
  /** X-Ray trace id of that request. */
  readonly traceId?: string;
  readonly event: unknown;
  /** Of that request. */
  readonly context: ContextData;
}

/** What a consumer got is not an envelope, or one of another version. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code = 'ASYNC_HTTP_ENVELOPE_INVALID';
}

/**
 * Reads what the extension wrote.
 *
 * @param value JSON text, as SQS delivers it, or the value it was parsed to, as Lambda does
 * @throws {EnvelopeError}
 */
export function readEnvelope(value: unknown): Envelope {
  const envelope = typeof value === 'string' ? parse(value) : value;
  if (!isObject(envelope) || !('asyncHttpVersion' in envelope)) {
    throw new EnvelopeError(
      'This is not a job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.',
    );
  }
  if (envelope.asyncHttpVersion !== ENVELOPE_VERSION) {
    throw new EnvelopeError(
      `The job was written by version ${envelope.asyncHttpVersion} of the envelope, and this consumer reads version ${ENVELOPE_VERSION}. Use the same version of the async-http layer on both sides.`,
    );
  }
  const { jobId, requestId, acceptedAt, context } = envelope;
  const isComplete =
    isWord(jobId) &&
    isWord(requestId) &&
    Number.isSafeInteger(acceptedAt) &&
    'event' in envelope &&
    isObject(context);
  if (!isComplete) {
    throw new EnvelopeError(
      'The envelope of the job is incomplete or damaged. Send jobs through ASYNC_HTTP_DELIVERY only, and do not change them on the way.',
    );
  }
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
