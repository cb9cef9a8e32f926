import { readEnvelope } from '@async-http/client/delivery';
import { expect, it } from 'vitest';
import { formatEnvelope } from '../../src/delivery/format-envelope.ts';

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

it('is read by the consumer', () => {
  const { body, ...facts } = delivery;

  expect(readEnvelope(formatEnvelope(delivery))).toEqual({
    asyncHttpVersion: '1',
    ...facts,
    ...JSON.parse(body.toString()),
  });
});

it('cannot be made of a body that is no hand-off', () => {
  expect(formatEnvelope({ ...delivery, body: Buffer.from('{}') })).toBeUndefined();
});
