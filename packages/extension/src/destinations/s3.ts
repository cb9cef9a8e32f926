import type { BucketTarget } from '@async-http/client/protocol';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { InvocationRecord } from '../records/invocation-record.ts';
import { CLIENT_OPTIONS, REHEARSED_RECORD, rehearse, type Sender } from './sender.ts';

/** The record becomes an object under the key that Lambda would give it. */
export function openBucket(
  { name }: BucketTarget,
  { pathStyle }: { pathStyle: boolean },
): Sender<InvocationRecord> {
  const client = new S3Client({
    ...CLIENT_OPTIONS,
    forcePathStyle: pathStyle,
    // The ARN of a bucket does not say where it is.
    followRegionRedirects: true,
  });
  const command = (record: InvocationRecord) =>
    new PutObjectCommand({
      Bucket: name,
      Key: recordKey(record),
      Body: record.json,
      ContentType: 'application/json',
    });
  return {
    async send(record, abortSignal) {
      await client.send(command(record), { abortSignal });
    },
    rehearse: () => rehearse(command(REHEARSED_RECORD), (unsent) => client.send(unsent)),
    close: () => client.destroy(),
  };
}

/**
 * `aws/lambda/async/<function-name>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, in UTC.
 *
 * @see Lambda, "Retaining records of asynchronous invocations": S3 destinations
 */
function recordKey({ functionName, settledAt, id }: InvocationRecord): string {
  const time = new Date(settledAt).toISOString().slice(0, 19);
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/async/${functionName}/${day}/${time.replaceAll(':', '.')}-${id}`;
}
