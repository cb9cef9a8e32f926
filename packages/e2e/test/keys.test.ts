import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

describe.each(ONE_RUNTIME)('a job with a key, on %s,', (runtime) => {
  const start = (variables: Record<string, string> = {}) =>
    startFunction({
      runtime,
      handler: 'function.handOffWithKey',
      environment: { ASYNC_HANDLER: 'jobs/attempts.byEvent', ...variables },
    });
  const send = async (lambda: Awaited<ReturnType<typeof start>>, event: object) => {
    const { reply } = await invoke(lambda, event);
    await lambda.idle();
    return reply;
  };

  it('is not started again when it has succeeded', async () => {
    const lambda = await start();
    const event = { key: 'evt_1', untilAttempt: 1 };

    const first = await send(lambda, event);
    const second = await send(lambda, event);

    expect(first.isDuplicate).toBe(false);
    expect(second).toEqual({ jobId: first.jobId, isDuplicate: true });
    expect(linesWith(lambda, 'job says attempt')).toHaveLength(1);
    expect(linesWith(lambda, /INFO\t\[async-http\] nothing started/)).toEqual([
      expect.stringContaining(`the key stands for this job {"jobId":"${first.jobId}"}`),
    ]);
  });

  it('is not started twice within one request', async () => {
    const lambda = await start();

    const { again } = await send(lambda, { key: 'evt_1', untilAttempt: 1, again: true });

    expect(again.isDuplicate).toBe(true);
    expect(linesWith(lambda, 'job says attempt')).toHaveLength(1);
  });

  it('is started again when it has failed', async () => {
    const lambda = await start({ ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0' });
    const event = { key: 'evt_1', does: 'fails' };

    const first = await send(lambda, event);
    const second = await send(lambda, event);

    expect(second.isDuplicate).toBe(false);
    expect(second.jobId).not.toBe(first.jobId);
    expect(linesWith(lambda, 'job says attempt')).toHaveLength(2);
  });

  it('is started again when it was cut off by its deadline', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.handOffWithKey',
      timeoutMs: 2_000,
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });
    const event = { key: 'evt_1', ms: 10_000 };

    await send(lambda, event);

    expect((await send(lambda, event)).isDuplicate).toBe(false);
  });

  it('is refused with another payload', async () => {
    const lambda = await start();
    await send(lambda, { key: 'evt_1', untilAttempt: 1 });

    expect(await send(lambda, { key: 'evt_1', untilAttempt: 2 })).toMatchObject({
      code: 'ASYNC_HTTP_KEY_CONFLICT',
    });
    expect(linesWith(lambda, 'job says attempt')).toHaveLength(1);
  });

  it('is started again in another environment, which does not know the key', async () => {
    const lambda = await start();
    const event = { key: 'evt_1', untilAttempt: 1 };
    await send(lambda, event);
    await lambda.shutdown();

    expect((await send(lambda, event)).isDuplicate).toBe(false);
  });

  it('is not started again when the process of the function has ended in between', async () => {
    const lambda = await start();
    const event = { key: 'evt_1', untilAttempt: 1 };
    await send(lambda, event);
    await lambda.kill('runtime');
    await invoke(lambda, { key: 'other', untilAttempt: 1 });
    await lambda.idle();

    expect((await send(lambda, event)).isDuplicate).toBe(true);
  });
});
