import { createClient } from '@async-http/client';
import { createRunner } from '@async-http/client/delivery';
import { type HandedOff, lambdaContext, startListener } from '@async-http/test-support';
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
const RECORDED = { ...FAILURE, retriable: false, isRecorded: true };
const REFUSAL = {
  status: 'refused',
  refusal: { code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'No such file.' },
};

const END = 'E 8f507cfc-example-request';

/** A consumer beside an extension that answers each run as told, or never. */
function startConsumer(answerTo: (job: HandedOff) => object | undefined = () => SUCCESS) {
  const listener = startListener();
  const env = {
    ...listener.env,
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    _HANDLER: '/opt/proxy.consumer',
  };
  const errors: string[] = [];
  const handler = buildConsumer({
    runJob: createRunner(env),
    beginInvocation: createClient(env).beginInvocation,
    logError: (message) => errors.push(message),
  });
  /** The runs are rung before the handler waits for their answers. */
  const consumer = (event: unknown, context = lambdaContext()) => {
    const result = handler(event, context);
    for (const job of listener.jobs()) {
      const answer = answerTo(job);
      if (answer) listener.answer(job, answer);
    }
    return result;
  };
  return { consumer, handler, listener, errors };
}

describe('a consumer of a queue', () => {
  it('has each job run, and the queue delete it', async () => {
    const { consumer, listener, errors } = startConsumer();

    const response = await consumer(sqsEvent(envelope()));

    expect(response).toEqual({ batchItemFailures: [] });
    expect(errors).toEqual([]);
    expect(listener.jobs()).toMatchObject([
      {
        jobId: 'origin.1',
        event: { order: 7 },
        facts: { kind: 'run', attempt: 3, originRequestId: 'origin', traceId: 'Root=1-2-3' },
      },
    ]);
  });

  it('runs all jobs of a batch at once', async () => {
    const { consumer, listener } = startConsumer();
    const jobs = Array.from({ length: 30 }, (_, n) => envelope({ jobId: `origin.${n}` }));

    const response = consumer(sqsEvent(...jobs));

    expect(listener.jobs()).toHaveLength(30); // None of them waits for another one.
    expect(await response).toEqual({ batchItemFailures: [] });
  });

  it('leaves the jobs that fail to the queue, and only those', async () => {
    const { consumer } = startConsumer(({ jobId }) => (jobId === 'origin.2' ? FAILURE : SUCCESS));

    const response = await consumer(
      sqsEvent(...[1, 2, 3].map((n) => envelope({ jobId: `origin.${n}` }))),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  });

  it('has the queue delete a job whose failure is recorded', async () => {
    const { consumer } = startConsumer(() => RECORDED);

    expect(await consumer(sqsEvent(envelope()))).toEqual({ batchItemFailures: [] });
  });

  it('leaves jobs that cannot be run to the queue, and says why', async () => {
    const { consumer, errors } = startConsumer(() => REFUSAL);

    const response = await consumer(sqsEvent(envelope()));

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(errors).toMatchInlineSnapshot(`
      [
        "[async-http] job origin.1, message m1, stays in the queue: ASYNC_HTTP_HANDLER_UNAVAILABLE: No such file.",
      ]
    `);
  });

  it('leaves what is not a job to the queue, and says so', async () => {
    const { consumer, listener, errors } = startConsumer();

    const response = await consumer(
      sqsEvent('hello', envelope({ asyncHttpVersion: '2' }), envelope()),
    );

    expect(response).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
    });
    expect(errors).toMatchInlineSnapshot(`
      [
        "[async-http] message m1 stays in the queue: ASYNC_HTTP_ENVELOPE_INVALID: This is not a job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.",
        "[async-http] message m2 stays in the queue: ASYNC_HTTP_ENVELOPE_INVALID: The job was written by version 2 of the envelope, and this consumer reads version 1. Use the same version of the async-http layer on both sides.",
      ]
    `);
    expect(listener.jobs()).toHaveLength(1);
  });

  it('leaves jobs to the queue when their end is not known in time', async () => {
    const { consumer, errors } = startConsumer(() => undefined);

    const response = await consumer(
      sqsEvent(envelope()),
      lambdaContext({ getRemainingTimeInMillis: () => 300 }),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(errors[0]).toContain('ASYNC_HTTP_EXTENSION_UNREACHABLE');
  });

  it('leaves all to the queue when there is no extension', async () => {
    const { handler, listener, errors } = startConsumer();
    listener.close();

    expect(await handler(sqsEvent(envelope()), lambdaContext())).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(errors[0]).toContain('No async-http extension listens');
  });

  it('takes an empty batch', async () => {
    expect(await startConsumer().consumer(sqsEvent())).toEqual({ batchItemFailures: [] });
  });
});

describe('a consumer that Lambda invokes', () => {
  it('returns what the job returned', async () => {
    const { consumer, listener } = startConsumer();

    expect(await consumer(envelope())).toEqual({ sum: 42 });
    expect(listener.jobs()[0]?.facts.attempt).toBe(1);
  });

  it("throws the job's error, so that Lambda tries again", async () => {
    const { consumer } = startConsumer(() => FAILURE);

    const error = await consumer(envelope()).catch((thrown) => thrown);

    expect(error).toMatchObject({
      name: 'RangeError',
      message: 'too far',
      code: 'ASYNC_HTTP_JOB_FAILED',
      stack: 'RangeError: too far\n    at fly (/var/task/fly.js:3:7)',
    });
  });

  it('has Lambda be done with a job whose failure is recorded', async () => {
    expect(await startConsumer(() => RECORDED).consumer(envelope())).toBeNull();
  });

  it('throws when the job cannot be run', async () => {
    await expect(startConsumer(() => REFUSAL).consumer(envelope())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    });
  });

  it.each([
    ['nothing', undefined],
    ['an HTTP request', { version: '2.0', rawPath: '/' }],
    ['messages of a topic', { Records: [{ EventSource: 'aws:sns', Sns: {} }] }],
  ])('throws when its event is not a job: %s', async (_, event) => {
    await expect(startConsumer().consumer(event)).rejects.toMatchObject({
      code: 'ASYNC_HTTP_ENVELOPE_INVALID',
    });
  });
});

describe('a consumer', () => {
  it.each([
    ['when it succeeds', envelope()],
    ['when it fails', {}],
  ])('reports the end of its request once, %s', async (_, event) => {
    const { consumer, listener } = startConsumer();

    await consumer(event).catch(() => {});

    await expect.poll(() => listener.lines().filter((line) => line === END)).toHaveLength(1);
  });

  it('reports the end also when the same request id comes again', async () => {
    const { consumer, listener } = startConsumer();
    const ends = () => listener.lines().filter((line) => line === END).length;

    await consumer(envelope());
    await expect.poll(ends).toBe(1);
    await consumer(envelope());

    await expect.poll(ends).toBe(2);
  });

  it('declares two parameters', () => {
    expect(startConsumer().handler).toHaveLength(2);
  });
});
