import { expect, it } from 'vitest';
import type { LocalAwsEvent } from '../../src/local-aws/local-aws-event.ts';
import { renderEvent } from '../../src/report/render-event.ts';

const textOf = (event: LocalAwsEvent) =>
  renderEvent(event, { verbose: false, responses: false }).map(({ text }) => text);

const message = (body: string, key?: string) =>
  textOf({
    type: 'aws.message',
    at: 0,
    service: 'sqs',
    resource: 'FailedJobs',
    body,
    ...(key !== undefined && { key }),
  });

// Lambda, "Capturing records of Lambda asynchronous invocations": the example of a record.
const RECORD = {
  requestContext: {
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:api:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  responsePayload: { errorType: 'Error', errorMessage: 'no luck' },
};

it('the record of an invocation is its outcome, function and error', () => {
  expect(message(JSON.stringify(RECORD))).toEqual([
    '→ FailedJobs: RetriesExhausted (api, 3 attempts) Error: no luck',
  ]);
});

it('the record of a success has no error', () => {
  const { functionArn } = RECORD.requestContext;
  const requestContext = { functionArn, condition: 'Success', approximateInvokeCount: 1 };

  expect(message(JSON.stringify({ requestContext, responsePayload: null }))).toEqual([
    '→ FailedJobs: Success (api, 1 attempt)',
  ]);
});

it('any other message is its text, on one line that has an end', () => {
  expect(message('one\n  two')).toEqual(['→ FailedJobs: one two']);
  expect(message('x'.repeat(1000))[0]).toHaveLength('→ FailedJobs: '.length + 301);
});

it('an object has its key', () => {
  expect(message('text', 'a/key')).toEqual(['→ FailedJobs/a/key: text']);
});

it('a batch says how many messages it had, and what became of them', () => {
  const batch = { at: 0, functionName: 'worker', resource: 'Jobs', requestId: 'r' };
  const done = { ...batch, type: 'queue.done' as const, failedIds: [], durationMs: 1234 };

  expect(
    textOf({
      ...batch,
      type: 'queue.batch',
      messages: 2,
      records: [],
      batchSize: 10,
      visibilityTimeoutMs: 30_000,
    }),
  ).toEqual(['2 messages of Jobs']);
  expect(textOf({ ...done, done: 1, failed: 0 })).toEqual(['→ 1 message of Jobs done in 1,234 ms']);
  expect(textOf({ ...done, done: 2, failed: 1, problem: 'Error: no luck' })).toEqual([
    '→ 1 of 3 messages of Jobs failed in 1,234 ms: Error: no luck',
  ]);
});

it('messages that no filter lets through are counted', () => {
  expect(
    textOf({
      type: 'queue.filtered',
      at: 0,
      functionName: 'worker',
      resource: 'Jobs',
      messages: 2,
    }),
  ).toEqual(['2 messages of Jobs filtered out']);
});
