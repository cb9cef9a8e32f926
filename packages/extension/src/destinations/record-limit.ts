import { RECORD_RESERVE_BYTES } from '../invocation-record.ts';
import { splitJobBody } from '../job-body.ts';
import { RefusalError } from '../refusal.ts';
import { type DestinationTarget, MAX_RECORD_BYTES } from './destination-target.ts';

/**
 * Refuses a hand-off whose record would not fit its destination, because it could not be rescued.
 *
 * @param variable the name under which the user knows the destination
 * @throws {RefusalError} code `ASYNC_HTTP_PAYLOAD_TOO_LARGE`
 */
export function refuseUnlessRecordFits(
  body: Buffer,
  target: DestinationTarget,
  variable: 'ASYNC_HTTP_ON_FAILURE' | 'ASYNC_HTTP_ON_SUCCESS',
): void {
  const limit = MAX_RECORD_BYTES[target.service] - RECORD_RESERVE_BYTES;
  // The context is not part of the record, but only a body at the limit is worth a closer look.
  if (body.length <= limit) return;
  const eventBytes = (splitJobBody(body)?.event ?? body).length;
  if (eventBytes <= limit) return;
  const wayOut =
    variable === 'ASYNC_HTTP_ON_FAILURE'
      ? 'Use an S3 bucket there, or put the data into S3 and hand off its key.'
      : 'Put the data into S3 and hand off its key.';
  throw new RefusalError(
    'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
    `The event has ${eventBytes} bytes. ${variable} (${target.arn}) takes events of up to ${limit} bytes, so the job could not be recorded there and was not accepted. ${wayOut}`,
  );
}
