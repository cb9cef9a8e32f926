import { describe, expect, it } from 'vitest';
import { createInvocationRecord, type SettledJob } from '../../src/records/invocation-record.ts';

const failed: SettledJob = {
  requestId: 'e4b46cbf-b738-4880-8a16-06d8f4ea34eb',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:my-function',
  functionVersion: '$LATEST',
  attempts: 3,
  event: Buffer.from('{"ORDER_IDS":["9e07af03"]}'),
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

it('is as large as it was announced, though noncharacters take twice their bytes in it', () => {
  const text = '\uFFFE'.repeat(LIMIT / 4);
  const outcome = { ...failed.outcome, errorMessage: text } as SettledJob['outcome'];

  const { json } = createInvocationRecord({ ...failed, outcome }, { maxBytes: LIMIT });

  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(LIMIT);
  expect(json).not.toMatch(/[\uFFFE\uFFFF]/);
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

  it('says why a result that was wanted is missing', () => {
    const omitted = 'the result has a cycle';
    const outcome = { condition: 'Success', result: 'null', omitted } as const;

    const record = JSON.parse(createInvocationRecord({ ...succeeded, outcome }).json);

    expect(record).toMatchObject({ responsePayload: null, asyncHttp: { omitted } });
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
  const eventOf = (event: string) => {
    const { json } = createInvocationRecord({ ...failed, event: Buffer.from(event) });
    return /"requestPayload":(.*),"responseContext"/s.exec(json)?.[1];
  };

  it('is what was handed off, to the last digit', () => {
    const event = '{"id":12345678901234567890,"price":1.0,"a":1,"a":2}';

    expect(eventOf(event)).toBe(event);
  });

  it('has no character that SQS refuses', () => {
    expect(eventOf(JSON.stringify('a\uFFFEb\uFFFFc'))).toBe(String.raw`"a\ufffeb\uffffc"`);
  });
});

it('tells the services the name of the function, and stays the same object when sent again', () => {
  const record = createInvocationRecord(failed);

  expect(record).toMatchObject({ isSuccess: false, functionName: 'my-function' });
  expect(record.id).toMatch(/^[0-9a-f-]{36}$/);
});
