import { ENVELOPE_VERSION } from '@async-http/client/delivery';
import { escapeNoncharacters } from '@async-http/client/protocol';

/** A job on its way to an engine. */
export interface Delivery {
  readonly jobId: string;
  readonly requestId: string;
  readonly acceptedAt: number;
  readonly traceId?: string | undefined;
}

/** Writes an envelope around event and context, in the bytes of JSON that were handed off. */
export function formatEnvelope(
  { jobId, requestId, acceptedAt, traceId }: Delivery,
  event: Buffer,
  context: Buffer,
): string {
  const head = JSON.stringify({
    asyncHttpVersion: ENVELOPE_VERSION,
    jobId,
    requestId,
    acceptedAt,
    traceId,
  });
  return escapeNoncharacters(`${head.slice(0, -1)},"event":${event},"context":${context}}`);
}
