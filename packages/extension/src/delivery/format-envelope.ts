import { ENVELOPE_VERSION } from '@async-http/client/delivery';
import { escapeNoncharacters } from '../invocation-record.ts';
import { splitJobBody } from '../job-body.ts';

/** A job on its way to an engine. */
export interface Delivery {
  readonly jobId: string;
  readonly requestId: string;
  readonly acceptedAt: number;
  readonly traceId?: string | undefined;
  /** The hand-off: `{"event":…,"context":…}`. */
  readonly body: Buffer;
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
