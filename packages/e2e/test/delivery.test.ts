import type { Lambda } from '@async-http/emulator';
import { startRecordingAws } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSqs } from './support/queue.ts';
import { shared, type WhenOver } from './support/shared.ts';
import {
  fixture,
  invoke,
  linesWith,
  ONE_RUNTIME,
  type Runtime,
  startFunction,
} from './support/start-function.ts';

const WORKER = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';

const MAX_RECEIVE_COUNT = 3;

/** A function that hands off to a queue. */
async function startProducer(runtime: Runtime, whenOver: WhenOver = onTestFinished) {
  const sqs = await startSqs(whenOver);
  const deadLetters = await sqs.createQueue('dead-letters');
  const records = await sqs.createQueue('records');
  const queue = await sqs.createQueue('jobs', {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: MAX_RECEIVE_COUNT,
    }),
  });
  const environment = {
    ...sqs.environment,
    ASYNC_HANDLER: 'jobs/consumed.byEvent',
    ASYNC_HTTP_DELIVERY: queue.arn,
  };
  const producer = await startFunction(
    { runtime, name: 'shop', environment, timeoutMs: 5_000 },
    whenOver,
  );
  return { sqs, queue, deadLetters, records, producer, environment };
}

/** The extension's lines about jobs, without times. */
function jobLines(lambda: Lambda): string[] {
  return linesWith(lambda, /\[async-http\] (job (?!accepted)|attempt|the record)/).map((line) =>
    line
      .slice(line.indexOf('\t') + 1)
      .replace(/"durationMs":\d+/, '"durationMs":…')
      .replace(/,"stackTrace":\[.*?\]/, '')
      .trim(),
  );
}

async function untilJobStarted(consumer: Lambda): Promise<void> {
  await expect
    .poll(() => linesWith(consumer, 'job says started'), { timeout: 10_000 })
    .toHaveLength(1);
}

function environmentsOf(lambda: Lambda): number {
  return lambda.timeline.filter(({ type }) => type === 'environment.starting').length;
}

describe.each(ONE_RUNTIME)('delivery to a queue, on %s:', (runtime) => {
  const producing = shared((whenOver) => startProducer(runtime, whenOver));

  /** The producer, its queues, empty, and a function that consumes the jobs, with the same variables. */
  async function startBoth({
    recordsAs,
    environment,
    timeoutMs = 20_000,
  }: {
    /** The variable of the consumer that names the queue `records`. */
    recordsAs?: 'ASYNC_HTTP_ON_FAILURE' | 'ASYNC_HTTP_ON_SUCCESS';
    environment?: Record<string, string>;
    timeoutMs?: number;
  } = {}) {
    const both = await producing();
    const { queue, deadLetters, records } = both;
    for (const each of [queue, deadLetters, records]) await each.purge();
    const consumer = await startFunction({
      runtime,
      name: 'worker',
      handler: '/opt/proxy.consumer',
      memoryMiB: 256, // So that a job runs out of it soon.
      environment: {
        ...both.environment,
        ...(recordsAs && { [recordsAs]: records.arn }),
        ...environment,
      },
      timeoutMs,
    });
    return { ...both, consumer };
  }

  it('a hand-off is accepted when the queue has it, and the job runs in the consumer', async () => {
    const { queue, producer, consumer } = await startBoth();

    const { requestId, reply } = await invoke(producer, { id: 'a' });

    expect(reply).toEqual({ jobId: `${requestId}.1` });
    expect(await queue.size()).toBe(1);
    await producer.idle();
    expect(linesWith(producer, 'job says')).toEqual([]);

    // Its variables say that jobs are delivered; the consumer's runs are not.
    expect(await queue.deliverTo(consumer)).toMatchObject({
      reply: { batchItemFailures: [] },
    });
    await consumer.idle();
    expect(linesWith(consumer, 'job says')).toEqual([
      expect.stringContaining(`${requestId}\tINFO\tjob says a ${requestId}.1 attempt 1`),
    ]);
    expect(await queue.size()).toBe(0);
  });

  it('a job that succeeds looks the same in the log as one that ran in its own environment', async () => {
    const { queue, producer, consumer } = await startBoth();
    const alone = await startFunction({
      runtime,
      environment: { ASYNC_HANDLER: 'jobs/consumed.byEvent' },
    });

    const inQueue = await invoke(producer, { id: 'a' });
    await queue.deliverTo(consumer);
    await consumer.idle();
    const inEnvironment = await invoke(alone, { id: 'a' });
    await alone.idle();

    const named = (lambda: Lambda, requestId: string) =>
      [
        ...linesWith(lambda, 'job says').map((line) => line.slice(line.indexOf('\t') + 1)),
        ...jobLines(lambda),
      ].map((line) => line.replaceAll(requestId, 'the request').trim());
    expect(named(consumer, inQueue.requestId)).toEqual(named(alone, inEnvironment.requestId));
    expect(jobLines(consumer)).toHaveLength(1);
  });

  it('the job is told who asked, where it runs, and the time of the consumer', async () => {
    const { queue, producer, consumer } = await startBoth({ timeoutMs: 30_000 });
    const { requestId } = await invoke(producer, { job: 'tellsItsContext' });

    const delivery = await queue.deliverTo(consumer);

    const [line = ''] = linesWith(consumer, 'job says');
    const { leftMs, ...context } = JSON.parse(line.slice(line.indexOf('{')));
    expect(delivery.requestId).not.toBe(requestId);
    expect(context).toMatchObject({
      awsRequestId: requestId,
      jobId: `${requestId}.1`,
      attempt: 1,
      functionName: 'worker',
      invokedFunctionArn: expect.stringMatching(/:function:worker$/),
      logGroupName: '/aws/lambda/worker',
      aborted: false,
    });
    expect(leftMs).toBeGreaterThan(15_000);
    expect(leftMs).toBeLessThanOrEqual(29_400); // Until it would be killed.
  });

  it('when the queue is down, the caller gets an error, and there is no job', async () => {
    const { sqs, producer } = await startProducer(runtime);
    await invoke(producer, { id: 'a' });
    await sqs.stop();

    const { functionError, reply } = await invoke(producer, { id: 'b' });

    expect(functionError).toBe('Unhandled');
    expect(reply).toMatchObject({ errorType: 'DeliveryFailedError' });
    expect(reply.errorMessage).toMatch(
      /^The job could not be delivered as ASYNC_HTTP_DELIVERY says, so it was not accepted: /,
    );
    await producer.idle();
    expect(linesWith(producer, 'job says')).toEqual([]);
  });

  it('a job that no message can hold is refused', async () => {
    const { queue, producer } = await startProducer(runtime);

    const { functionError, reply } = await invoke(producer, { text: 'x'.repeat(1_048_576) });

    expect(functionError).toBe('Unhandled');
    expect(reply).toMatchObject({ errorType: 'PayloadTooLargeError' });
    expect(reply.errorMessage).toMatch(
      /^The job has \d+ bytes\. ASYNC_HTTP_DELIVERY \(arn:.*:jobs\) takes 1048576, so it was not accepted\./,
    );
    expect(await queue.size()).toBe(0);
  });

  it('a job arrives once when its log, which has grown, is retired meanwhile', async () => {
    const { queue, producer } = await startProducer(runtime);
    await invoke(producer, { text: 'x'.repeat(1_048_576) });

    for (const id of ['one', 'two', 'three']) await invoke(producer, { id });

    expect(await queue.size()).toBe(3);
  });

  it('of a batch, the queue keeps what has failed, and nothing else', async () => {
    const { queue, producer, consumer } = await startBoth();
    await queue.send('somebody else wrote this');
    await invoke(producer, { id: 'good 1' });
    await invoke(producer, { job: 'rejects' });
    await invoke(producer, { id: 'good 2' });

    const first = await queue.deliverTo(consumer);

    expect(first).toMatchObject({ delivered: 4, failed: 2, functionError: undefined });
    await consumer.idle();
    expect(linesWith(consumer, 'job says good')).toHaveLength(2);
    expect(linesWith(consumer, '\tERROR\t\\[async-http\\]')).toEqual([
      expect.stringMatching(
        /message \S+ stays in the queue: ASYNC_HTTP_ENVELOPE_INVALID: This is not a job/,
      ),
    ]);
    expect(await queue.size()).toBe(2);
  });

  it('the attempts are those of the queue', async () => {
    const { queue, producer, consumer } = await startBoth();
    const { requestId } = await invoke(producer, { job: 'failsOnce', id: 'a' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ failed: 1 });
    expect(await queue.deliverTo(consumer)).toMatchObject({ failed: 0 });
    await consumer.idle();

    expect(linesWith(consumer, 'job says')).toEqual([
      expect.stringContaining(`job says a ${requestId}.1 attempt 2`),
    ]);
    expect(jobLines(consumer)).toEqual([
      `${requestId}\tWARN\t[async-http] attempt 1 failed; the next one starts when the engine delivers the job again {"jobId":"${requestId}.1","attempt":1,"errorType":"Error","errorMessage":"not yet"}`,
      `${requestId}\tINFO\t[async-http] job succeeded {"jobId":"${requestId}.1","outcome":"Success","attempts":2,"durationMs":…}`,
    ]);
  });

  it('a job that keeps failing ends where the redrive policy of the queue says', async () => {
    const { queue, deadLetters, producer, consumer } = await startBoth();
    const { requestId } = await invoke(producer, { job: 'throws' });

    for (let attempt = 1; attempt <= MAX_RECEIVE_COUNT; attempt += 1) {
      expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 1 });
    }

    expect(await queue.receive()).toEqual([]);
    const [letter] = await deadLetters.receive();
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({
      jobId: `${requestId}.1`,
      event: { job: 'throws' },
    });
  });

  it.each(['exits', 'isKilled', 'rejectsUnhandled', 'throwsLater', 'runsOutOfMemory'])(
    'a job that ends its process stays in the queue, and the consumer keeps running: %s',
    async (fault) => {
      const { queue, producer, consumer } = await startBoth();
      await invoke(producer, { job: fault });

      expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 1 });
      await consumer.idle();
      expect(jobLines(consumer)).toEqual([expect.stringContaining('attempt 1 failed')]);
      await queue.receive(); // Out of the way.

      await invoke(producer, { id: 'next' });
      expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
      await consumer.idle();
      expect(linesWith(consumer, 'job says next')).toHaveLength(1);
      expect(environmentsOf(consumer)).toBe(1);
    },
  );

  it.each(['loopsForEver', 'neverSettles', 'obeysItsSignal'])(
    'a job that takes too long is stopped before the deadline, and stays in the queue: %s',
    async (fault) => {
      const { queue, producer, consumer } = await startBoth({ timeoutMs: 4_000 });
      await invoke(producer, { job: fault });

      const delivery = await queue.deliverTo(consumer);

      expect(delivery).toMatchObject({ delivered: 1, failed: 1, functionError: undefined });
      await consumer.idle();
      expect(jobLines(consumer)).toEqual([
        expect.stringContaining('attempt 1 was still running at the deadline'),
      ]);
      expect(consumer.timeline.map(({ type }) => type)).not.toContain('timeout');
      expect(environmentsOf(consumer)).toBe(1);
    },
  );

  it('when the function process dies, its jobs are told to stop, and stay in the queue', async () => {
    const { queue, producer, consumer } = await startBoth();
    await invoke(producer, { job: 'obeysItsSignal' });

    const delivery = queue.deliverTo(consumer);
    await untilJobStarted(consumer);
    await consumer.kill('runtime');

    expect(await delivery).toMatchObject({ delivered: 1, failed: 1, functionError: 'Unhandled' });
    expect(await queue.size()).toBe(1);
    await consumer.idle();
    expect(linesWith(consumer, 'job says aborted')).toHaveLength(1);
  });

  it('when the extension dies, the jobs stay in the queue, and the next environment runs them', async () => {
    const { queue, producer, consumer } = await startBoth();
    await invoke(producer, { job: 'waitsOnce', id: 'a' });

    const delivery = queue.deliverTo(consumer);
    await untilJobStarted(consumer);
    await consumer.kill({ extension: 'async-http' });

    expect(await delivery).toMatchObject({ delivered: 1, failed: 1 });
    await consumer.idle();
    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
    expect(linesWith(consumer, 'job says a \\S+ attempt 2')).toHaveLength(1);
  });

  it('a job that throws NonRetriableError is recorded and done with', async () => {
    const { queue, records, producer, consumer } = await startBoth({
      recordsAs: 'ASYNC_HTTP_ON_FAILURE',
    });
    const { requestId } = await invoke(producer, { job: 'givesUp' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
    await consumer.idle();

    expect(jobLines(consumer)).toEqual([
      `${requestId}\tERROR\t[async-http] job failed {"jobId":"${requestId}.1","outcome":"RetriesExhausted","attempts":1,"durationMs":…,"errorType":"NonRetriableError","errorMessage":"never"}`,
    ]);
    const [record] = await records.receive();
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      requestContext: {
        requestId,
        functionArn: expect.stringMatching(/:function:worker:\$LATEST$/),
        condition: 'RetriesExhausted',
        approximateInvokeCount: 1,
      },
      requestPayload: { job: 'givesUp' },
      responsePayload: { errorType: 'NonRetriableError', errorMessage: 'never' },
    });
  });

  it('when its record cannot be delivered, such a job stays in the queue', async () => {
    const { queue, producer, consumer } = await startBoth({
      environment: { ASYNC_HTTP_ON_FAILURE: 'arn:aws:sqs:eu-west-1:000000000000:missing' },
    });
    await invoke(producer, { job: 'givesUp' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 1 });
    await consumer.idle();
    expect(jobLines(consumer)).toEqual([
      expect.stringContaining('job failed'),
      expect.stringMatching(
        /the record of a job could not be delivered .*ASYNC_HTTP_DESTINATION_NOT_FOUND/,
      ),
    ]);
  });

  it('a job that succeeds is recorded as in its own environment', async () => {
    const { queue, records, producer, consumer } = await startBoth({
      recordsAs: 'ASYNC_HTTP_ON_SUCCESS',
    });
    const { requestId } = await invoke(producer, { id: 'a' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
    await consumer.idle();

    const [record] = await records.receive();
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      requestContext: { requestId, condition: 'Success' },
      responsePayload: { id: 'a' },
    });
  });

  it('without a failure destination, such a job stays in the queue', async () => {
    const { queue, producer, consumer } = await startBoth();
    await invoke(producer, { job: 'givesUp' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 1 });
    await consumer.idle();
    expect(jobLines(consumer)).toEqual([
      expect.stringContaining(
        '[async-http] attempt 1 failed and no other can succeed, but the engine delivers the job again as often as its own settings say',
      ),
    ]);
  });

  it('jobs whose handler cannot be loaded stay in the queue, with the reason', async () => {
    const { queue, producer } = await startBoth();
    const broken = await startFunction({
      runtime,
      handler: '/opt/proxy.consumer',
      environment: { ASYNC_HANDLER: 'unloadable/throws.handler' },
    });
    const { requestId } = await invoke(producer, { id: 'a' });

    expect(await queue.deliverTo(broken)).toMatchObject({ delivered: 1, failed: 1 });
    await broken.idle();
    expect(jobLines(broken)).toEqual([expect.stringMatching(/attempt 1 failed.*no database/)]);
    expect(jobLines(broken)[0]).toContain(`${requestId}.1`);
  });

  it('the consumer of the package does the same inside a handler of one’s own', async () => {
    const { queue, producer, sqs } = await startBoth();
    const consumer = await startFunction({
      runtime,
      code: fixture('consumer'),
      handler: 'function.handler',
      environment: { ...sqs.environment, ASYNC_HANDLER: 'job', ASYNC_HTTP_DELIVERY: queue.arn },
    });
    await invoke(producer, { id: 'a' });

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
    await consumer.idle();
    expect(linesWith(consumer, 'job says {"id":"a"} attempt 1')).toHaveLength(1);
    expect(linesWith(consumer, 'job succeeded')).toHaveLength(1);
  });
});

describe.each(ONE_RUNTIME)('delivery to a function, on %s:', (runtime) => {
  /** Hands an event off, and gives what Lambda was asked to invoke the worker with. */
  async function handOff(event: object) {
    const aws = await startRecordingAws(() => ({ status: 202 }));
    const producer = await startFunction({
      runtime,
      environment: {
        AWS_ENDPOINT_URL: aws.endpoint,
        ASYNC_HTTP_DELIVERY: WORKER,
      },
    });
    const { requestId } = await invoke(producer, event);
    const [request] = aws.requests.filter(({ method }) => method === 'POST');
    expect(request?.path).toBe(`/2015-03-31/functions/${encodeURIComponent(WORKER)}/invocations`);
    const consumer = await startFunction({
      runtime,
      handler: '/opt/proxy.consumer',
      environment: { ASYNC_HANDLER: 'jobs/consumed.byEvent' },
    });
    return { requestId, envelope: JSON.parse(request?.body ?? ''), consumer };
  }

  it('the worker runs the job, and Lambda gets its result', async () => {
    const { requestId, envelope, consumer } = await handOff({ id: 'a' });

    const { reply, functionError } = await invoke(consumer, envelope);
    await consumer.idle();

    expect([reply, functionError]).toEqual([{ id: 'a' }, undefined]);
    expect(linesWith(consumer, `job says a ${requestId}.1 attempt 1`)).toHaveLength(1);
    expect(linesWith(consumer, 'job succeeded')).toHaveLength(1);
  });

  it('when the job fails, Lambda gets its error, and tries again', async () => {
    const { envelope, consumer } = await handOff({ job: 'rejects' });

    const { reply, functionError } = await invoke(consumer, envelope);

    expect(functionError).toBe('Unhandled');
    expect(reply).toMatchObject({ errorType: 'RangeError', errorMessage: 'rejected later' });
    expect(reply.trace.join('\n')).toContain('jobs/faults.js');
  });

  it('what is not a job is refused', async () => {
    const { consumer } = await handOff({});

    const { reply, functionError } = await invoke(consumer, { rawPath: '/' });

    expect(functionError).toBe('Unhandled');
    expect(reply).toMatchObject({
      errorType: 'EnvelopeError',
      errorMessage: expect.stringMatching(/^This is not a job of async-http\./),
    });
  });
});
