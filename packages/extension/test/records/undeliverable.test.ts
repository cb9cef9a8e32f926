import { expect, it } from 'vitest';
import { DestinationError } from '../../src/destinations/destination-error.ts';
import { createInvocationRecord } from '../../src/records/invocation-record.ts';
import { undeliverableFields } from '../../src/records/undeliverable.ts';

const error = new DestinationError({
  code: 'ASYNC_HTTP_DESTINATION_DENIED',
  destination: 'arn:aws:sqs:eu-west-1:123456789012:q',
  message: 'not allowed',
  cause: undefined,
});

function recordOf(event: string) {
  return createInvocationRecord({
    requestId: 'r1',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    functionVersion: '$LATEST',
    attempts: 1,
    event: Buffer.from(event),
    settledAt: 1_800_000_000_000,
    outcome: {
      condition: 'RetriesExhausted',
      errorType: 'Error',
      errorMessage: 'no',
      stackTrace: [],
    },
  });
}

it('holds the whole record as an object, and why it is here', () => {
  const record = recordOf('{"order":7}');

  expect(undeliverableFields(record, error)).toEqual({
    code: 'ASYNC_HTTP_DESTINATION_DENIED',
    destination: 'arn:aws:sqs:eu-west-1:123456789012:q',
    reason: 'not allowed',
    record: JSON.parse(record.json),
  });
});

it('holds only the record where there is no destination', () => {
  expect(undeliverableFields(recordOf('1'), undefined)).toEqual({
    record: expect.objectContaining({ requestPayload: 1 }),
  });
});

it('holds the text of a record that an object would change', () => {
  const record = recordOf('12345678901234567890');

  expect(undeliverableFields(record, undefined)).toEqual({
    recordStart: record.json,
    recordBytes: record.json.length,
  });
});

it('holds as much of a large record as one log line may', () => {
  const fields = undeliverableFields(recordOf(`"${'é\\n'.repeat(100_000)}"`), error);

  const lineBytes = Buffer.byteLength(JSON.stringify(fields));
  expect(lineBytes).toBeGreaterThan(247 * 1024);
  expect(lineBytes).toBeLessThan(256 * 1024);
  expect(fields.recordBytes).toBeGreaterThan(400_000);
});
