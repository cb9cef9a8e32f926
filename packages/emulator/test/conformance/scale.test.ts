import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { fixture, hasNamespaces, isolations, start } from '../support/start.ts';

const outcomes = { code: fixture('functions/outcomes') };
const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

describe('Environments of one function', () => {
  it.runIf(hasNamespaces)(
    'a request that finds all of them busy starts another, where environments run side by side',
    async () => {
      const lambda = await start(outcomes);
      const first = lambda.invoke({ outcome: 'wait', ms: 1_500 });
      await lambda.until(({ type }) => type === 'invoke.start');

      const second = await lambda.invoke({});

      expect(second.environmentId).not.toBe((await first).environmentId);
    },
  );

  it('a frozen one is used again before another is started', async () => {
    const lambda = await start(outcomes);
    const first = await lambda.invoke({});
    await lambda.idle();

    const second = await lambda.invoke({});

    expect(second.environmentId).toBe(first.environmentId);
    expect(parse(second)).toMatchObject({ invokes: 2 });
  });

  it.runIf(hasNamespaces)(
    'beyond maxConcurrency a request is throttled, where environments run side by side: 429',
    async () => {
      const lambda = await start({ ...outcomes, maxConcurrency: 1 });
      const first = lambda.invoke({});

      const second = await lambda.invoke({});

      expect(second).toMatchObject({ statusCode: 429, environmentId: '' });
      expect(parse(second)).toMatchObject({
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
      expect(await first).toMatchObject({ statusCode: 200 });
    },
  );

  it('up to maxConcurrency requests are served at once, also while environments start', async () => {
    const lambda = await start({ ...outcomes, maxConcurrency: 2 });

    const results = await Promise.all([lambda.invoke({}), lambda.invoke({})]);

    expect(results.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  });

  it.runIf(hasNamespaces)(
    'a tenant has its own environments, for life, where they are kept side by side',
    async () => {
      const lambda = await start(outcomes);
      const invoke = async (tenantId: string) => {
        const { environmentId } = await lambda.invoke({}, { tenantId });
        await lambda.idle();
        return environmentId;
      };

      const [blue, red, blueAgain] = [
        await invoke('blue'),
        await invoke('red'),
        await invoke('blue'),
      ];

      expect(red).not.toBe(blue);
      expect(blueAgain).toBe(blue);
    },
  );

  it.each(isolations)('a frozen one of another tenant makes room (%s)', async (isolation) => {
    const lambda = await start({ ...outcomes, maxConcurrency: 1, isolation });
    await lambda.invoke({}, { tenantId: 'blue' });
    await lambda.idle();

    const red = await lambda.invoke({}, { tenantId: 'red' });

    expect(red.statusCode).toBe(200);
    expect(lambda.story()).toContain('shutdown.done');
  });

  it('one that has been idle for idleTimeoutMs is shut down', async () => {
    const lambda = await start({ ...outcomes, idleTimeoutMs: 100 });
    const { environmentId } = await lambda.invoke({});

    await lambda.until(({ type }) => type === 'shutdown.done');

    expect((await lambda.invoke({})).environmentId).not.toBe(environmentId);
  });

  it('200 requests at once are all answered', { timeout: 300_000 }, async () => {
    const lambda = await start({ timeoutMs: 60_000 });

    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => lambda.invoke({ name: index })),
    );

    expect(results.map(parse)).toEqual(results.map((_, index) => ({ hello: index })));
  });

  it('close() cuts off what runs and what waits', async () => {
    const lambda = await start({ ...outcomes, maxConcurrency: 1 });
    const running = lambda.invoke({ outcome: 'hang' });
    await lambda.until(({ type }) => type === 'invoke.start');

    const closed = lambda.close();

    await expect(running).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_CLOSED' });
    await closed;
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_CLOSED' });
  });

  it('close() during SHUTDOWN ends without waiting for it', async () => {
    const layer = await folder({
      'extensions/stays': `#!/usr/bin/env node
        const http = require('node:http');
        const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
        const call = (method, path, headers, body, then) =>
          http.request({ host, port, method, path: '/2020-01-01/extension/' + path, headers }, then).end(body);
        const name = { 'Lambda-Extension-Name': 'stays' };
        call('POST', 'register', name, '{"events":["SHUTDOWN"]}', ({ headers }) => {
          const id = headers['lambda-extension-identifier'];
          call('GET', 'event/next', { 'Lambda-Extension-Identifier': id }, '', () => setInterval(() => {}, 1000));
        });`,
    });
    const lambda = await start({ ...outcomes, layers: [layer] });
    await lambda.invoke({});
    await lambda.idle();
    const over = lambda.shutdown();
    await lambda.until(({ type }) => type === 'shutdown.start');

    await lambda.close();
    await over;

    expect(lambda.story()).toContain('shutdown.start');
  });

  it('close() during INIT ends without waiting for it', async () => {
    const lambda = await start(outcomes);
    const starting = lambda.invoke({});
    starting.catch(() => {});
    await lambda.until(({ type }) => type === 'environment.starting');

    await lambda.close();

    await expect(starting).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_CLOSED' });
  });
});
