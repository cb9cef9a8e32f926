import { createClient } from '@async-http/client';
import { createRunner } from '@async-http/client/delivery';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { buildConsumer } from '../src/build-consumer.ts';

/** As the extension of the function that handed the job off wrote it. */
function envelope(changes: object = {}) {
  return {
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
    },
    ...changes,
  };
}

/** As Lambda's event source mapping delivers messages. */
function sqsEvent(...bodies: unknown[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index + 1}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: '3' },
      eventSource: 'aws:sqs',
    })),
  };
}

const SUCCESS = { status: 'succeeded', result: { sum: 42 } };
const FAILURE = {
  status: 'failed',
  errorType: 'RangeError',
  errorMessage: 'too far',
  stackTrace: ['RangeError: too far', '    at fly (/var/task/fly.js:3:7)'],
  retriable: true,
  isRecorded: false,
};
const REFUSAL = {
  status: 'refused',
  refusal: { code: 'ASYNC_HTTP_SHUTTING_DOWN', message: 'The environment ends.' },
};

/** A consumer beside an extension that answers every run as told, by the id of its job. */
function startConsumer(answerTo: (jobId: string) => object = () => SUCCESS) {
  const listener = startListener();
  const env = { ...listener.env, AWS_LAMBDA_RUNTIME_API: 'nowhere', _HANDLER: 'function.handler' };
  const errors: string[] = [];
  const consumer = buildConsumer({
    runJob: createRunner(env),
    beginInvocation: createClient(env).beginInvocation,
    logError: (message) => errors.push(message),
  });
  /** Calls the consumer, and plays the extension until it has returned. */
  async function consume(event: unknown, context = lambdaContext()): Promise<unknown> {
    const answered = new Set<string>();
    const answering = setInterval(() => {
      for (const job of listener.jobs()) {
        if (answered.has(job.jobId)) continue;
        answered.add(job.jobId);
        listener.answer(job, answerTo(job.jobId));
      }
    }, 2);
    try {
      return await consumer(event, context);
    } finally {
      clearInterval(answering);
    }
  }
  return { consume, listener, errors };
}

describe('a consumer of a queue', () => {
  it('has each job run, with what the queue knows of it, and the queue delete it', async () => {
    const { consume, listener, errors } = startConsumer();

    expect(await consume(sqsEvent(envelope()))).toEqual({ batchItemFailures: [] });

    expect(errors).toEqual([]);
    expect(listener.jobs()).toMatchObject([
      {
        facts: {
          kind: 'run',
          jobId: 'origin.1',
          requestId: '8f507cfc-example-request',
          originRequestId: 'origin',
          acceptedAt: 1_800_000_000_000,
          attempt: 3,
          traceId: 'Root=1-2-3',
        },
      },
    ]);
  });

  it('gives the job the event and the identity of its request, and the place where it runs', async () => {
    const { consume, listener } = startConsumer();

    await consume(sqsEvent(envelope()));

    expect(listener.jobs()).toMatchObject([
      {
        event: { order: 7 },
        context: {
          awsRequestId: 'origin',
          tenantId: 'tenant-1',
          functionName: 'checkout',
          logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
        },
      },
    ]);
  });

  it('keeps in the queue what has failed, and nothing else', async () => {
    const { consume } = startConsumer((jobId) => (jobId === 'b.1' ? FAILURE : SUCCESS));

    const response = await consume(
      sqsEvent(...['a', 'b', 'c'].map((id) => envelope({ jobId: `${id}.1` }))),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  });

  it('has the queue delete a failed job that is recorded', async () => {
    const { consume } = startConsumer(() => ({ ...FAILURE, isRecorded: true }));

    expect(await consume(sqsEvent(envelope()))).toEqual({ batchItemFailures: [] });
  });

  it('keeps a job that was not run, with the reason in one line', async () => {
    const { consume, errors } = startConsumer(() => REFUSAL);

    expect(await consume(sqsEvent(envelope()))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(errors).toEqual([
      '[async-http] job origin.1, message m1, stays in the queue: ASYNC_HTTP_SHUTTING_DOWN: The environment ends.',
    ]);
  });

  it.each([
    ['is not a job', '{"order":7}'],
    ['is not JSON', 'hello'],
    ['is of another version', JSON.stringify(envelope({ asyncHttpVersion: '9' }))],
  ])('keeps a message that %s', async (_, body) => {
    const { consume, listener, errors } = startConsumer();

    expect(await consume(sqsEvent(body))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(errors).toEqual([expect.stringContaining('ASYNC_HTTP_ENVELOPE_INVALID')]);
    expect(listener.jobs()).toEqual([]);
  });
});

describe('a consumer that Lambda invokes with a job', () => {
  it('returns what the background handler returned', async () => {
    const { consume } = startConsumer();

    expect(await consume(envelope())).toEqual({ sum: 42 });
  });

  it('throws the error of the background handler, so that Lambda tries again', async () => {
    const { consume } = startConsumer(() => FAILURE);

    await expect(consume(envelope())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_JOB_FAILED',
      name: 'RangeError',
      message: 'too far',
      stack: FAILURE.stackTrace.join('\n'),
    });
  });

  it('returns nothing when the failure is recorded', async () => {
    const { consume } = startConsumer(() => ({ ...FAILURE, isRecorded: true }));

    expect(await consume(envelope())).toBeNull();
  });

  it('throws for an event that is not a job', async () => {
    const { consume } = startConsumer();

    await expect(consume({ order: 7 })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_ENVELOPE_INVALID',
    });
  });

  it('rings the end of its request', async () => {
    const { consume, listener } = startConsumer();

    await consume(envelope());

    await expect.poll(() => listener.lines().at(-1)).toBe('E 8f507cfc-example-request');
  });
});
