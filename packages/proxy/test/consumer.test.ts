import { createClient } from '@async-http/client';
import { createRunner } from '@async-http/client/delivery';
import { describe, expect, it } from 'vitest';
import { lambdaContext } from '../../client/test/lambda-context.ts';
import { answer, type Received, type Respond, startStandIn } from '../../client/test/stand-in.ts';
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

const succeed = answer(200, '{"status":"succeeded","result":{"sum":42}}');
const FAILURE = {
  status: 'failed',
  errorType: 'RangeError',
  errorMessage: 'too far',
  stackTrace: ['RangeError: too far', '    at fly (/var/task/fly.js:3:7)'],
  retriable: true,
  isRecorded: false,
};
const fail = answer(200, JSON.stringify(FAILURE));
const refuse = answer(503, '{"code":"ASYNC_HTTP_HANDLER_UNAVAILABLE","message":"No such file."}');

/** A consumer beside an extension that answers runs as told, and every end. */
async function startConsumer(respond: Respond = succeed) {
  const ended = Promise.withResolvers<string>();
  const extension = await startStandIn((response, received) => {
    if (received.path === '/runs') return respond(response, received);
    ended.resolve(received.path);
    answer(204, '')(response, received);
  });
  const errors: string[] = [];
  const consumer = buildConsumer({
    runJob: createRunner(extension.env),
    endInvocation: createClient(extension.env).endInvocation,
    logError: (message) => errors.push(message),
  });
  return { consumer, extension, errors, ended: ended.promise };
}

const jobIdOf = ({ headers }: Received) => headers['async-http-job-id'];

describe('a consumer of a queue', () => {
  it('has each job run, and the queue delete it', async () => {
    const { consumer, extension, errors } = await startConsumer();

    const response = await consumer(sqsEvent(envelope()), lambdaContext());

    expect(response).toEqual({ batchItemFailures: [] });
    expect(errors).toEqual([]);
    expect(extension.received[0]).toMatchObject({
      method: 'POST',
      path: '/runs',
      headers: {
        'async-http-version': '1',
        'async-http-request-id': '8f507cfc-example-request',
        'async-http-job-id': 'origin.1',
        'async-http-origin-request-id': 'origin',
        'async-http-accepted-at': '1800000000000',
        'async-http-attempt': '3',
        'async-http-trace-id': 'Root=1-2-3',
      },
    });
  });

  it('gives the job the event and the identity of its request, and the place where it runs', async () => {
    const { consumer, extension } = await startConsumer();

    await consumer(sqsEvent(envelope()), lambdaContext());

    expect(JSON.parse(extension.received[0]?.body ?? '')).toEqual({
      event: { order: 7 },
      context: {
        awsRequestId: 'origin',
        tenantId: 'tenant-1',
        functionName: 'checkout',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
        memoryLimitInMB: '512',
        logGroupName: '/aws/lambda/checkout',
        logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
      },
    });
  });

  it('gives the job the deadline of its own request', async () => {
    const { consumer, extension } = await startConsumer();

    await consumer(
      sqsEvent(envelope()),
      lambdaContext({ getRemainingTimeInMillis: () => 800_000 }),
    );

    const deadlineMs = Number(extension.received[0]?.headers['async-http-deadline-ms']);
    expect(deadlineMs - Date.now()).toBeGreaterThan(700_000);
  });

  it('runs all jobs of a batch at once, also more than the connections of hand-offs', async () => {
    const all = Promise.withResolvers<void>();
    let arrived = 0;
    const { consumer } = await startConsumer(async (response, received) => {
      arrived += 1;
      if (arrived === 30) all.resolve();
      await all.promise; // Nobody is answered before everybody is here.
      succeed(response, received);
    });

    const response = await consumer(
      sqsEvent(...Array.from({ length: 30 }, (_, n) => envelope({ jobId: `origin.${n}` }))),
      lambdaContext(),
    );

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it('leaves the jobs that fail to the queue, and only those', async () => {
    const { consumer } = await startConsumer((response, received) =>
      (jobIdOf(received) === 'origin.2' ? fail : succeed)(response, received),
    );

    const response = await consumer(
      sqsEvent(...[1, 2, 3].map((n) => envelope({ jobId: `origin.${n}` }))),
      lambdaContext(),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  });

  it('has the queue delete a job whose failure is recorded', async () => {
    const { consumer } = await startConsumer(
      answer(200, JSON.stringify({ ...FAILURE, retriable: false, isRecorded: true })),
    );

    expect(await consumer(sqsEvent(envelope()), lambdaContext())).toEqual({
      batchItemFailures: [],
    });
  });

  it('leaves jobs that cannot be run to the queue, and says why', async () => {
    const { consumer, errors } = await startConsumer(refuse);

    const response = await consumer(sqsEvent(envelope()), lambdaContext());

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(errors).toMatchInlineSnapshot(`
      [
        "[async-http] job origin.1, message m1, stays in the queue: ASYNC_HTTP_HANDLER_UNAVAILABLE: No such file.",
      ]
    `);
  });

  it('leaves what is no job to the queue, and says so', async () => {
    const { consumer, extension, errors } = await startConsumer();

    const response = await consumer(
      sqsEvent('hello', envelope({ asyncHttpVersion: '2' }), envelope()),
      lambdaContext(),
    );

    expect(response).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
    });
    expect(errors).toMatchInlineSnapshot(`
      [
        "[async-http] message m1 stays in the queue: ASYNC_HTTP_ENVELOPE_INVALID: This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.",
        "[async-http] message m2 stays in the queue: ASYNC_HTTP_ENVELOPE_INVALID: The job was written by version 2 of the envelope, and this consumer reads version 1. Use the same version of the async-http layer on both sides.",
      ]
    `);
    expect(extension.received.filter(({ path }) => path === '/runs')).toHaveLength(1);
  });

  it('leaves jobs to the queue when their end is not known in time', async () => {
    const { consumer, errors } = await startConsumer(() => {}); // Silence.

    const response = await consumer(
      sqsEvent(envelope()),
      lambdaContext({ getRemainingTimeInMillis: () => 300 }),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(errors[0]).toContain('ASYNC_HTTP_EXTENSION_UNREACHABLE');
  });

  it('leaves all to the queue when there is no extension', async () => {
    const env = { ASYNC_HTTP_SOCKET: '/nowhere/extension.sock' };
    const errors: string[] = [];
    const consumer = buildConsumer({
      runJob: createRunner(env),
      endInvocation: createClient(env).endInvocation,
      logError: (message) => errors.push(message),
    });

    expect(await consumer(sqsEvent(envelope()), lambdaContext())).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(errors[0]).toContain('No async-http extension listens at /nowhere/extension.sock');
  });

  it('takes an empty batch', async () => {
    const { consumer } = await startConsumer();

    expect(await consumer(sqsEvent(), lambdaContext())).toEqual({ batchItemFailures: [] });
  });
});

describe('a consumer that Lambda invokes', () => {
  it('returns what the job returned', async () => {
    const { consumer, extension } = await startConsumer();

    expect(await consumer(envelope(), lambdaContext())).toEqual({ sum: 42 });
    expect(extension.received[0]?.headers['async-http-attempt']).toBe('1');
  });

  it("throws the job's error, so that Lambda tries again", async () => {
    const { consumer } = await startConsumer(fail);

    const error = await consumer(envelope(), lambdaContext()).catch((thrown) => thrown);

    expect(error).toMatchObject({
      name: 'RangeError',
      message: 'too far',
      code: 'ASYNC_HTTP_JOB_FAILED',
      stack: 'RangeError: too far\n    at fly (/var/task/fly.js:3:7)',
    });
  });

  it('has Lambda be done with a job whose failure is recorded', async () => {
    const { consumer } = await startConsumer(
      answer(200, JSON.stringify({ ...FAILURE, retriable: false, isRecorded: true })),
    );

    expect(await consumer(envelope(), lambdaContext())).toBeNull();
  });

  it('throws when the job cannot be run', async () => {
    const { consumer } = await startConsumer(refuse);

    await expect(consumer(envelope(), lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    });
  });

  it.each([
    ['nothing', undefined],
    ['an HTTP request', { version: '2.0', rawPath: '/' }],
    ['messages of a topic', { Records: [{ EventSource: 'aws:sns', Sns: {} }] }],
  ])('throws when its event is no job: %s', async (_, event) => {
    const { consumer } = await startConsumer();

    await expect(consumer(event, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_ENVELOPE_INVALID',
      message:
        'This is no job of async-http. Send only jobs to this queue or function, through ASYNC_HTTP_DELIVERY.',
    });
  });
});

describe('a consumer', () => {
  it.each([
    ['when it succeeds', envelope()],
    ['when it fails', {}],
  ])('tells the extension that its request is over, %s', async (_, event) => {
    const { consumer, ended } = await startConsumer();

    await consumer(event, lambdaContext()).catch(() => {});

    expect(await ended).toBe('/invocations/8f507cfc-example-request/end');
  });

  it('declares two parameters', async () => {
    const { consumer } = await startConsumer();

    expect(consumer).toHaveLength(2);
  });
});
