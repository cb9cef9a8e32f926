import type { LogFields } from '../output/log.ts';
import { cutText } from './cut-text.ts';
import type { InvocationRecord } from './invocation-record.ts';

/**
 * Lambda splits longer lines; 8 KiB of the 256 are left for the rest of the line.
 *
 * @see CloudWatch Logs, "Quotas": event size
 */
const MAX_RECORD_BYTES_IN_LOG = 248 * 1024;

/** An error's message can quote a whole answer. */
const MAX_REASON_BYTES = 4 * 1024;

/**
 * The fields of the one ERROR line that is left of a record which no destination took: the record as
 * an object that a log query can read, or its beginning as text (`recordStart`) when it is too long.
 *
 * @param error a `DestinationError`, or undefined when no destination is configured
 */
export function undeliverableFields(
  { json }: InvocationRecord,
  error:
    | { readonly code: string; readonly destination: string; readonly message: string }
    | undefined,
): LogFields {
  const why = error && {
    code: error.code,
    destination: error.destination,
    reason: cutText(error.message, MAX_REASON_BYTES),
  };
  const bytes = Buffer.byteLength(json);
  const record = bytes <= MAX_RECORD_BYTES_IN_LOG ? parsedWithoutLoss(json) : undefined;
  if (record !== undefined) return { ...why, record };
  const recordStart = cutText(json, MAX_RECORD_BYTES_IN_LOG);
  return { ...why, recordStart, recordBytes: bytes };
}

/** Undefined when writing it again would change it, as it does with numbers beyond 2^53. */
function parsedWithoutLoss(json: string): unknown {
  const record = JSON.parse(json);
  return JSON.stringify(record) === json ? record : undefined;
}
