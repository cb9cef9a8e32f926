import { expect, it } from 'vitest';
import { formatEnvelope, readEnvelope } from '../../src/delivery/envelope.ts';

const delivery = {
  jobId: 'r1.1',
  requestId: 'r1',
  acceptedAt: 1_800_000_000_000,
  traceId: 'Root=1-2-3',
  body: Buffer.from('{"event":{"id":12345678901234567890},"context":{"awsRequestId":"r1"}}'),
};

it('carries event and context as they were handed off', () => {
  expect(formatEnvelope(delivery)).toBe(
    '{"asyncHttpVersion":"1","jobId":"r1.1","requestId":"r1","acceptedAt":1800000000000,"traceId":"Root=1-2-3",' +
      '"event":{"id":12345678901234567890},"context":{"awsRequestId":"r1"}}',
  );
});

it('is read as text, as SQS delivers it, and as an object, as Lambda does', () => {
  const text = formatEnvelope(delivery) ?? '';

  expect(readEnvelope(JSON.parse(text))).toEqual(readEnvelope(text));
});

it('says what is wrong with anything else', () => {
  const problems = [
    'hello',
    '{"order":7}',
    'null',
    '{"asyncHttpVersion":"2"}',
    '{"asyncHttpVersion":"1","jobId":"r1.1"}',
  ].map((value) => {
    try {
      return readEnvelope(value);
    } catch (error) {
      return (error as Error).message;
    }
  });

  expect(problems).toMatchInlineSnapshot(`
    [
      "This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.",
      "This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.",
      "This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.",
      "The job was written by version 2 of the envelope, and this consumer reads version 1. Use the same version of the async-http layer on both sides.",
      "The envelope of the job is incomplete.",
    ]
  `);
});

it('cannot be made of a body that is no hand-off', () => {
  expect(formatEnvelope({ ...delivery, body: Buffer.from('{}') })).toBeUndefined();
});
