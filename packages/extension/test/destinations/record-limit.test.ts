import { expect, it } from 'vitest';
import { refuseUnlessRecordFits } from '../../src/destinations/record-limit.ts';
import { createInvocationRecord, RECORD_RESERVE_BYTES } from '../../src/invocation-record.ts';

const topic = {
  service: 'sns',
  arn: 'arn:aws:sns:eu-west-1:123456789012:t',
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  name: 't',
} as const;
const bucket = { service: 's3', arn: 'arn:aws:s3:::b', name: 'b' } as const;

const LIMIT = 256 * 1024;
const LARGEST_EVENT = LIMIT - RECORD_RESERVE_BYTES;

function bodyWith(eventBytes: number, context = '{}'): Buffer {
  return Buffer.from(`{"event":"${'x'.repeat(eventBytes - 2)}","context":${context}}`);
}

it('accepts the largest event whose record fits, whatever the error and the context', () => {
  const text = '\u0000'.repeat(100_000);
  const body = bodyWith(LARGEST_EVENT, JSON.stringify({ clientContext: text }));

  expect(() => refuseUnlessRecordFits(body, topic, 'ASYNC_HTTP_ON_FAILURE')).not.toThrow();
  const { json } = createInvocationRecord(
    {
      requestId: 'r'.repeat(36),
      functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${'f'.repeat(64)}`,
      functionVersion: '$LATEST',
      attempts: 11,
      body,
      settledAt: 1_800_000_000_000,
      outcome: {
        condition: 'EnvironmentShutdown',
        errorType: text,
        errorMessage: text,
        stackTrace: [text],
      },
    },
    { maxBytes: LIMIT },
  );
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(LIMIT);
});

it('refuses a larger one, with the limit and the way out', () => {
  const refuse = () =>
    refuseUnlessRecordFits(bodyWith(LARGEST_EVENT + 1), topic, 'ASYNC_HTTP_ON_FAILURE');

  expect(refuse).toThrow(expect.objectContaining({ code: 'ASYNC_HTTP_PAYLOAD_TOO_LARGE' }));
  expect(refuse).toThrowErrorMatchingInlineSnapshot(
    `[RefusalError: The event has 245761 bytes. ASYNC_HTTP_ON_FAILURE (arn:aws:sns:eu-west-1:123456789012:t) takes events of up to 245760 bytes, so the job could not be recorded there and was not accepted. Use an S3 bucket there, or put the data into S3 and hand off its key.]`,
  );
});

it('has no limit for a bucket', () => {
  expect(() =>
    refuseUnlessRecordFits(bodyWith(5_000_000), bucket, 'ASYNC_HTTP_ON_FAILURE'),
  ).not.toThrow();
});
