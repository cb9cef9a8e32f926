import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

/** Waits for a log line; on Managed Instances there is no freeze to wait for. */
async function untilLogged(
  lambda: Awaited<ReturnType<typeof startFunction>>,
  text: string,
  times = 1,
) {
  while (linesWith(lambda, text).length < times) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(ONE_RUNTIME)('on Lambda Managed Instances, with %s', (runtime) => {
  const managed = {
    runtime,
    initializationType: 'lambda-managed-instances',
    memoryMiB: 2_048,
  } as const;

  it('the extension registers for SHUTDOWN only', async () => {
    const lambda = await startFunction({
      ...managed,
      environment: { ASYNC_HANDLER: 'jobs/say.handler' },
    });
    await invoke(lambda);

    expect(lambda.timeline.find(({ type }) => type === 'extension.registered')).toMatchObject({
      name: 'async-http',
      events: ['SHUTDOWN'],
    });
  });

  it('jobs run without a hold, many requests at once in one environment', async () => {
    const lambda = await startFunction({
      ...managed,
      handler: '/opt/proxy.handler',
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });

    const replies = await Promise.all(
      Array.from({ length: 20 }, () => invoke(lambda, { ms: 2_000 })),
    );

    expect(replies.map(({ reply }) => reply)).toMatchObject(
      Array(20).fill({ statusCode: 200, body: 'ok' }),
    );
    await untilLogged(lambda, 'job says done', 20);
    for (const { requestId } of replies) {
      const replied = lambda.timeline.findIndex(
        (event) => event.type === 'response' && event.requestId === requestId,
      );
      const done = lambda.timeline.findIndex(
        (event) =>
          event.type === 'log' &&
          event.line.includes(requestId) &&
          event.line.includes('job says done'),
      );
      expect(replied).toBeLessThan(done);
    }
  });

  it('every line of a job carries the id of its own request', async () => {
    const lambda = await startFunction({
      ...managed,
      environment: { ASYNC_HANDLER: 'jobs/say.handler' },
    });

    const requests = await Promise.all(Array.from({ length: 10 }, (_, n) => invoke(lambda, { n })));
    await untilLogged(lambda, 'job says', 10);

    for (const { requestId } of requests) {
      // Each worker of the runtime numbers its jobs by itself.
      const [line] = linesWith(lambda, new RegExp(`${requestId}\\.([\\d.]+-)?1 attempt 1`));
      expect(JSON.parse(line ?? '{}').requestId).toBe(requestId);
    }
  });

  it('a job that runs when the environment ends is aborted and reported', async () => {
    const lambda = await startFunction({
      ...managed,
      timeoutMs: 60_000,
      environment: { ASYNC_HANDLER: 'jobs/faults.byEvent' },
    });
    await invoke(lambda, { fault: 'obeysItsSignal' });
    await untilLogged(lambda, 'job says started');

    await lambda.shutdown('spindown');

    expect(linesWith(lambda, 'job says aborted')).toHaveLength(1);
    expect(linesWith(lambda, 'job aborted: the environment is ending')).toHaveLength(1);
  });
});
