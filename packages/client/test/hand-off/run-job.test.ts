import { type HandedOff, lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { createRunner, type Envelope } from '../../src/delivery.ts';

const ENVELOPE: Envelope = {
  asyncHttpVersion: '1',
  jobId: 'origin.1',
  requestId: 'origin',
  acceptedAt: 1_800_000_000_000,
  traceId: 'Root=1-2-3',
  event: { order: 7 },
  context: {
    awsRequestId: 'origin',
    functionName: 'shop',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop',
    logStreamName: 'its stream',
    tenantId: 'tenant-1',
    trace: { baggage: 'user=7' },
  },
};

/** A run that the test answers. */
function startRun({ envelope = ENVELOPE, remainingMs = 30_000 } = {}) {
  const listener = startListener();
  const context = lambdaContext({ getRemainingTimeInMillis: () => remainingMs });
  const ended = createRunner(listener.env)(envelope, context, { attempt: 3 });
  ended.catch(() => {}); // The test looks later.
  const [job] = listener.jobs() as [HandedOff];
  return { job, ended, answer: (answer: object) => listener.answer(job, answer) };
}

describe('a run', () => {
  it('is one attempt of the job that the engine delivered, in the time of this request', () => {
    const { job } = startRun();

    expect(job).toMatchObject({
      jobId: 'origin.1',
      event: { order: 7 },
      facts: {
        kind: 'run',
        requestId: '8f507cfc-example-request',
        originRequestId: 'origin',
        acceptedAt: 1_800_000_000_000,
        attempt: 3,
        traceId: 'Root=1-2-3',
      },
    });
    const leftMs = Number(job.facts.deadlineMs) - Date.now();
    expect(leftMs).toBeGreaterThan(25_000);
    expect(leftMs).toBeLessThanOrEqual(30_000);
  });

  it('knows who asked from the request that handed off, and where it runs from this one', () => {
    const { job } = startRun();

    expect(job.context).toEqual({
      awsRequestId: 'origin',
      tenantId: 'tenant-1',
      trace: { baggage: 'user=7' },
      functionName: 'checkout',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
      memoryLimitInMB: '512',
      logGroupName: '/aws/lambda/checkout',
      logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
    });
  });

  it.each([
    [{ status: 'succeeded', result: { sum: 42 } }],
    [
      {
        status: 'failed',
        errorType: 'RangeError',
        errorMessage: 'too far',
        stackTrace: [],
        retriable: true,
        isRecorded: false,
      },
    ],
  ])('has an end, which is not an error of the run: %o', async (result) => {
    const { ended, answer } = startRun();

    answer(result);

    expect(await ended).toEqual(result);
  });

  it('fails when it could not be started', async () => {
    const { ended, answer } = startRun();
    const refusal = { code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'No such file.' };

    answer({ status: 'refused', refusal });

    await expect(ended).rejects.toMatchObject(refusal);
  });

  it('fails when its end is not known in time, with time left to say so', async () => {
    const { ended } = startRun({ remainingMs: 300 });

    await expect(ended).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'no-answer',
    });
  });
});
