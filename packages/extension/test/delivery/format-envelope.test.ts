import { readEnvelope } from '@async-http/client/delivery';
import { expect, it } from 'vitest';
import { formatEnvelope } from '../../src/delivery/format-envelope.ts';

const facts = {
  jobId: 'r1.1',
  requestId: 'r1',
  acceptedAt: 1_800_000_000_000,
  traceId: 'Root=1-2-3',
};
const event = Buffer.from('{"id":12345678901234567890}');
const context = Buffer.from('{"awsRequestId":"r1"}');

it('carries event and context as they were handed off', () => {
  expect(formatEnvelope(facts, event, context)).toBe(
    '{"asyncHttpVersion":"1","jobId":"r1.1","requestId":"r1","acceptedAt":1800000000000,"traceId":"Root=1-2-3",' +
      '"event":{"id":12345678901234567890},"context":{"awsRequestId":"r1"}}',
  );
});

it('is read by the consumer', () => {
  expect(readEnvelope(formatEnvelope(facts, event, context))).toEqual({
    asyncHttpVersion: '1',
    ...facts,
    event: JSON.parse(event.toString()),
    context: JSON.parse(context.toString()),
  });
});

it('has no character that SQS refuses', () => {
  const noncharacters = Buffer.from(JSON.stringify('a\uFFFEb\uFFFF'));

  expect(formatEnvelope(facts, noncharacters, context)).toContain(String.raw`"a\ufffeb\uffff"`);
});
