import { cpuLimitRefusal, type Lambda } from '@async-http/emulator';
import { isWhole, startTable } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { startSqs } from './support/queue.ts';
import {
  fixture,
  invoke,
  linesWith,
  ONE_RUNTIME,
  startFunction,
} from './support/start-function.ts';

describe.each(ONE_RUNTIME)('with a store, on %s,', (runtime) => {
  /** Functions that share a table; those of one name are environments of one function. */
  async function open(variables: Record<string, string> = {}) {
    const table = await startTable();
    const { ASYNC_HTTP_STORE, AWS_ENDPOINT_URL_DYNAMODB } = table.env;
    const environment = { ASYNC_HTTP_STORE, AWS_ENDPOINT_URL_DYNAMODB, ...variables };
    return {
      table,
      start: (options: Partial<Parameters<typeof startFunction>[0]> = {}) =>
        startFunction({
          runtime,
          name: 'checkout',
          handler: 'function.handOffWithKey',
          ...options,
          environment: {
            ASYNC_HANDLER: 'jobs/attempts.byEvent',
            ...environment,
            ...options.environment,
          },
        }),
      startStatus: (access: Record<string, string> = { ASYNC_HTTP_STATUS_ACCESS: 'by-id' }) =>
        startFunction({
          runtime,
          name: 'status',
          handler: '/opt/proxy.status',
          environment: { ...environment, ...access },
        }),
    };
  }
  const send = async (lambda: Lambda, event: object) => {
    const { reply } = await invoke(lambda, event);
    await lambda.idle();
    return reply;
  };
  const ask = async (lambda: Lambda, jobId: string) => {
    const { reply } = await invoke(lambda, { pathParameters: { id: jobId } });
    return { ...reply, body: JSON.parse(reply.body) };
  };

  describe('a key', () => {
    it('starts one job, whose id all environments return', async () => {
      const { start } = await open();
      const [one, other] = await Promise.all([start(), start()]);
      const event = { key: 'evt_1', untilAttempt: 1 };

      const first = await send(one, event);
      const second = await send(other, event);

      expect(first).toMatchObject({ isDuplicate: false });
      expect(second).toEqual({ jobId: first.jobId, isDuplicate: true });
      expect(linesWith(other, 'job says attempt')).toEqual([]);
    });

    it('is free in all environments when its job has failed', async () => {
      const { start } = await open({ ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0' });
      const [one, other] = await Promise.all([start(), start()]);
      const event = { key: 'evt_1', does: 'fails' };

      await send(one, event);

      expect(await send(other, event)).toMatchObject({ isDuplicate: false });
      expect(linesWith(other, 'job says attempt 1')).toHaveLength(1);
    });

    it('is free when the deadline has ended its job', async () => {
      const { start } = await open();
      const event = { key: 'evt_1', ms: 10_000 };
      const slow = { timeoutMs: 2_000, environment: { ASYNC_HANDLER: 'jobs/slow.handler' } };
      const [one, other] = await Promise.all([start(slow), start(slow)]);

      await send(one, event);

      // At once, if there was time to write it down; else when the time of the job is over.
      await expect
        .poll(() => send(other, event), { timeout: 15_000 })
        .toMatchObject({ isDuplicate: false });
    });

    it('with another payload is refused in another environment too', async () => {
      const { start } = await open();
      const [one, other] = await Promise.all([start(), start()]);
      await send(one, { key: 'evt_1', untilAttempt: 1 });

      expect(await send(other, { key: 'evt_1', untilAttempt: 2 })).toMatchObject({
        code: 'ASYNC_HTTP_KEY_CONFLICT',
      });
    });

    it('stands for a job that a queue has, and its state is followed there', async () => {
      const sqs = await startSqs();
      const queue = await sqs.createQueue('jobs');
      const { table, start } = await open({ ASYNC_HTTP_STORE_RESULTS: 'on' });
      const lambda = await start({
        environment: { ...sqs.environment, ASYNC_HTTP_DELIVERY: queue.arn },
      });
      const worker = await start({ name: 'worker', handler: '/opt/proxy.consumer' });
      const event = { key: 'evt_1', untilAttempt: 1 };

      const first = await send(lambda, event);
      await queue.deliverTo(worker);
      await worker.idle();

      expect(await table.items('job#')).toMatchObject([
        { id: `job#${first.jobId}`, status: 'succeeded', result: '{"attempt":1}' },
      ]);
      await lambda.shutdown();
      expect(await send(lambda, event)).toEqual({ jobId: first.jobId, isDuplicate: true });
    });

    it('cannot be used while the table is down, and a job without one runs', async () => {
      const { table, start } = await open();
      const [keyed, plain] = await Promise.all([start(), start({ handler: 'function.handOff' })]);
      table.mood = 'is down';

      expect(await send(keyed, { key: 'evt_1', untilAttempt: 1 })).toMatchObject({
        code: 'ASYNC_HTTP_STORE_FAILED',
      });
      await send(plain, { untilAttempt: 1 });

      expect(linesWith(keyed, 'job says')).toEqual([]);
      expect(linesWith(plain, 'job succeeded')).toHaveLength(1);
      expect(linesWith(plain, 'the states of jobs could not be written')).toHaveLength(1);
    });
  });

  describe('the state of a job', () => {
    it('goes from 202 to 200, with its result where results are kept', async () => {
      const { start, startStatus } = await open({ ASYNC_HTTP_STORE_RESULTS: 'on' });
      const [lambda, status] = await Promise.all([start({ timeoutMs: 30_000 }), startStatus()]);
      const event = { key: 'a', does: 'asks for time', ms: 8_000, untilAttempt: 2 };
      const { reply } = await invoke(lambda, event);

      await expect
        .poll(async () => (await ask(status, reply.jobId)).body.status, { timeout: 8_000 })
        .toBe('retrying');
      expect(await ask(status, reply.jobId)).toMatchObject({
        statusCode: 202,
        headers: { 'retry-after': expect.stringMatching(/^[1-8]$/) },
        body: { attempt: 1, error: { errorType: 'RetryAfterError' } },
      });
      await lambda.idle();

      expect(await ask(status, reply.jobId)).toMatchObject({
        statusCode: 200,
        body: { status: 'succeeded', attempt: 2, result: { attempt: 2 } },
      });
    });

    it('is written when it has failed', async () => {
      const { start, startStatus } = await open({ ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0' });
      const [lambda, status] = await Promise.all([start(), startStatus()]);

      const { jobId } = await send(lambda, { key: 'a', does: 'fails' });

      expect(await ask(status, jobId)).toMatchObject({
        statusCode: 200,
        body: { status: 'failed', attempt: 1, error: { errorType: 'RangeError' } },
      });
    });

    it('is not returned unless that is allowed', async () => {
      const { start, startStatus } = await open();
      const [lambda, closed] = await Promise.all([start(), startStatus({})]);

      const { jobId } = await send(lambda, { key: 'a', untilAttempt: 1 });

      expect(await ask(closed, jobId)).toMatchObject({ statusCode: 403 });
    });

    it('is at the path in the reply of the proxy', async () => {
      const { start, startStatus } = await open({
        ASYNC_HTTP_STATUS_PATH: '/jobs',
        CUSTOM_RES: '{"statusCode":202}',
      });
      const [lambda, status] = await Promise.all([
        start({ handler: '/opt/proxy.handler' }),
        startStatus(),
      ]);

      const { headers } = await send(lambda, { untilAttempt: 1 });

      expect(headers.location).toBe(`/jobs/${headers['async-http-job-id']}`);
      expect(headers.location).toMatch(/\.[\w-]{22}$/);
      const { reply } = await invoke(status, { rawPath: headers.location });
      expect(reply).toMatchObject({ statusCode: 200 });
    });

    it('is written when the environment ends with the job', async () => {
      const { start, startStatus } = await open();
      const [lambda, status] = await Promise.all([
        start({ environment: { ASYNC_HANDLER: 'jobs/slow.handler' } }),
        startStatus(),
      ]);
      const { reply } = await invoke(lambda, { key: 'a', ms: 60_000 });
      await expect
        .poll(() => linesWith(lambda, 'job says started'), { timeout: 10_000 })
        .toHaveLength(1);

      await lambda.shutdown();

      expect(await ask(status, reply.jobId)).toMatchObject({ body: { status: 'failed' } });
    });
  });
});

const cpuRefusal = await cpuLimitRefusal();

describe.each(ONE_RUNTIME)('with 128 MB and a store, on %s,', (runtime) => {
  const refusal = isWhole ? cpuRefusal : 'it takes long: TESTS=whole';
  const title = refusal === undefined ? '' : ` (skipped: ${refusal})`;
  it.skipIf(refusal !== undefined)(
    `a key is claimed, and kept when its job has succeeded${title}`,
    { timeout: 120_000 },
    async () => {
      const table = await startTable();
      const { ASYNC_HTTP_STORE, AWS_ENDPOINT_URL_DYNAMODB } = table.env;
      const lambda = await startFunction({
        runtime,
        handler: 'function.handOffWithKey',
        timeoutMs: 60_000,
        cpuCores: 0.072,
        environment: {
          ASYNC_HANDLER: 'jobs/attempts.byEvent',
          ASYNC_HTTP_STORE,
          AWS_ENDPOINT_URL_DYNAMODB,
        },
      });

      const { reply } = await invoke(lambda, { key: 'evt_1', untilAttempt: 1 });
      await lambda.idle();

      expect(reply).toMatchObject({ isDuplicate: false });
      expect(await table.items('job#')).toMatchObject([{ status: 'succeeded' }]);
      const [key] = await table.items('key#');
      expect(key).not.toHaveProperty('openUntil');
    },
  );
});

/** How many there are, and of how many things. */
const STORM = isWhole ? { deliveries: 10_000, keys: 200 } : { deliveries: 120, keys: 20 };

describe.each(ONE_RUNTIME)(`${STORM.deliveries} deliveries, on %s,`, (runtime) => {
  it(`start one job for each of ${STORM.keys} keys, over three environments`, {
    timeout: 600_000,
  }, async () => {
    const table = await startTable();
    const { ASYNC_HTTP_STORE, AWS_ENDPOINT_URL_DYNAMODB } = table.env;
    const environments = await Promise.all(
      Array.from({ length: 3 }, () =>
        startFunction({
          runtime,
          name: 'checkout',
          code: fixture('app'),
          handler: 'function.handOffWithKey',
          environment: {
            ASYNC_HANDLER: 'jobs/attempts.byEvent',
            ASYNC_HTTP_STORE,
            AWS_ENDPOINT_URL_DYNAMODB,
          },
        }),
      ),
    );

    await Promise.all(
      environments.map(async (lambda, index) => {
        // Each environment takes one request at a time, and all of them have the same keys.
        for (let n = index; n < STORM.deliveries; n += environments.length) {
          const key = `evt_${n % STORM.keys}`;
          const { reply } = await invoke(lambda, { key, untilAttempt: 1 });
          expect(reply).toHaveProperty('jobId');
        }
        await lambda.idle();
      }),
    );

    const ran = environments.flatMap((lambda) => linesWith(lambda, 'job says attempt'));
    expect(ran).toHaveLength(STORM.keys);
    expect(await table.items('job#')).toHaveLength(STORM.keys);
  });
});
