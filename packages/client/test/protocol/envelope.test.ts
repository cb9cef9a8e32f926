import { expect, it } from 'vitest';
import { readEnvelope } from '../../src/protocol/envelope.ts';

const ENVELOPE = {
  asyncHttpVersion: '1',
  jobId: 'r1.1',
  requestId: 'r1',
  acceptedAt: 1_800_000_000_000,
  traceId: 'Root=1-2-3',
  event: { order: 7 },
  context: { awsRequestId: 'r1' },
};

it('an envelope is read as text, as SQS delivers it, and as an object, as Lambda does', () => {
  expect(readEnvelope(JSON.stringify(ENVELOPE))).toEqual(ENVELOPE);
  expect(readEnvelope(ENVELOPE)).toEqual(ENVELOPE);
});

it.each([
  ['text', 'hello'],
  ['another message', '{"order":7}'],
  ['null', 'null'],
  ['nothing', undefined],
])('what is not an envelope is refused: %s', (_, value) => {
  expect(errorOf(value)).toMatchInlineSnapshot(
    `"ASYNC_HTTP_ENVELOPE_INVALID: This is not a job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY."`,
  );
});

it('an envelope of another version is refused, naming both', () => {
  expect(errorOf({ ...ENVELOPE, asyncHttpVersion: '2' })).toMatchInlineSnapshot(
    `"ASYNC_HTTP_ENVELOPE_INVALID: The job was written by version 2 of the envelope, and this consumer reads version 1. Use the same version of the async-http layer on both sides."`,
  );
});

it.each([
  ['no event', { event: undefined }],
  ['no id', { jobId: undefined }],
  ['an id that cannot be a header', { jobId: 'a\nb' }],
  ['no time', { acceptedAt: 'soon' }],
  ['no context', { context: null }],
])('an envelope that is not whole is refused: %s', (_, changes) => {
  expect(errorOf(JSON.stringify({ ...ENVELOPE, ...changes }))).toMatch(
    /^ASYNC_HTTP_ENVELOPE_INVALID: The envelope of the job is incomplete or damaged/,
  );
});

function errorOf(value: unknown): string {
  try {
    return JSON.stringify(readEnvelope(value));
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return `${code}: ${message}`;
  }
}
