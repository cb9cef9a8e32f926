import { describe, expect, it } from 'vitest';
import { createInvocationRecord, type SettledJob } from '../src/invocation-record.ts';

const failed: SettledJob = {
  requestId: 'e4b46cbf-b738-4880-8a16-06d8f4ea34eb',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:my-function',
  functionVersion: '$LATEST',
  attempts: 3,
  body: Buffer.from('{"event":{"ORDER_IDS":["9e07af03"]},"context":{"awsRequestId":"e4b46cbf"}}'),
  settledAt: Date.UTC(2019, 10, 14, 18, 16, 5, 568),
  outcome: {
    condition: 'RetriesExhausted',
    errorType: 'TypeError',
    errorMessage: 'x is not a function',
    stackTrace: ['TypeError: x is not a function', '    at handler (/var/task/jobs.js:3:1)'],
  },
};
const succeeded: SettledJob = {
  ...failed,
  attempts: 1,
  outcome: { condition: 'Success', result: '{"statusCode":200}' },
};

/** The size up to which the destination of these tests takes records. */
const LIMIT = 20_000;

describe('the record of a job that failed', () => {
  it('is the one that asynchronous invocation sends, member by member', () => {
    expect(createInvocationRecord(failed).json).toBe(
      '{"version":"1.0","timestamp":"2019-11-14T18:16:05.568Z",' +
        '"requestContext":{"requestId":"e4b46cbf-b738-4880-8a16-06d8f4ea34eb",' +
        '"functionArn":"arn:aws:lambda:us-east-1:123456789012:function:my-function:$LATEST",' +
        '"condition":"RetriesExhausted","approximateInvokeCount":3},' +
        '"requestPayload":{"ORDER_IDS":["9e07af03"]},' +
        '"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},' +
        '"responsePayload":{"errorType":"TypeError","errorMessage":"x is not a function",' +
        '"trace":["TypeError: x is not a function","    at handler (/var/task/jobs.js:3:1)"]}}',
    );
  });

  it('names the alias that was invoked', () => {
    const functionArn = `${failed.functionArn}:live`;

    expect(createInvocationRecord({ ...failed, functionArn }).functionArn).toBe(functionArn);
  });

  it('cuts an error that does not fit, and says so', () => {
    const errorMessage = 'é'.repeat(LIMIT);
    const outcome = { ...failed.outcome, errorMessage } as SettledJob['outcome'];

    const { json } = createInvocationRecord({ ...failed, outcome }, { maxBytes: LIMIT });

    expect(Buffer.byteLength(json)).toBeLessThan(LIMIT);
    expect(JSON.parse(json)).toMatchObject({
      responsePayload: { errorType: 'TypeError', errorMessage: expect.stringMatching(/^é{2000}/) },
      asyncHttp: { omitted: expect.stringContaining('responsePayload has 40') },
    });
  });
});

describe('the record of a job that succeeded', () => {
  it('has the result and no error', () => {
    const record = JSON.parse(createInvocationRecord(succeeded).json);

    expect(record).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responsePayload: { statusCode: 200 },
    });
    expect(record.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' });
  });

  it('leaves out a result that does not fit, and says so', () => {
    const outcome = { condition: 'Success', result: `"${'x'.repeat(LIMIT)}"` } as const;

    const { json } = createInvocationRecord({ ...succeeded, outcome }, { maxBytes: LIMIT });

    expect(JSON.parse(json)).toMatchObject({
      responsePayload: null,
      asyncHttp: {
        omitted:
          'responsePayload has 20002 bytes and does not fit the destination; an S3 bucket takes records of any size',
      },
    });
  });
});

describe('the event in a record', () => {
  const eventOf = (body: string | Buffer) => {
    const { json } = createInvocationRecord({ ...failed, body: Buffer.from(body) });
    return /"requestPayload":(.*),"responseContext"/s.exec(json)?.[1];
  };

  it('is what was handed off, to the last digit', () => {
    const event = '{"id":12345678901234567890,"price":1.0,"a":1,"a":2}';

    expect(eventOf(`{"event":${event},"context":{}}`)).toBe(event);
  });

  it('is a string when the body is not JSON, so that the record still is', () => {
    const body = '{"event":{not json},"context":{}}';

    expect(eventOf(body)).toBe(JSON.stringify(body));
  });

  it('has no character that SQS refuses', () => {
    const event = JSON.stringify('a\uFFFEb\uFFFFc');

    expect(eventOf(`{"event":${event},"context":{}}`)).toBe(String.raw`"a\ufffeb\uffffc"`);
  });
});

it('tells the services the name of the function, and stays the same object when sent again', () => {
  const record = createInvocationRecord(failed);

  expect(record).toMatchObject({ isSuccess: false, functionName: 'my-function' });
  expect(record.id).toMatch(/^[0-9a-f-]{36}$/);
});
