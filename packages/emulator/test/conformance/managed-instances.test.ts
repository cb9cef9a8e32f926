import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { ExtensionPuppet, requestIdOf, stage } from '../support/puppets.ts';
import { firstLogs, fixture, start } from '../support/start.ts';
import { listenForTelemetry } from '../support/telemetry-listener.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());
const managed = { initializationType: 'lambda-managed-instances' } as const;
/** AWS's runtime client starts eight workers; two are enough here. */
const environment = { AWS_LAMBDA_NODEJS_WORKER_COUNT: '2' };
const outcomes = { ...managed, environment, code: fixture('functions/outcomes') };

describe('Managed Instances: invokes', () => {
  it('several run at once in one environment, which is never frozen', async () => {
    const code = await folder({
      'index.mjs': `
        let running = 0;
        let release;
        const both = new Promise((resolve) => { release = resolve; });
        export const handler = async () => {
          if (++running === 2) release();
          await both;
          return running;
        };`,
    });
    const lambda = await start({
      ...managed,
      code,
      environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' },
    });

    const results = await Promise.all([lambda.invoke({}), lambda.invoke({})]);
    await lambda.idle();

    expect(results.map(parse)).toEqual([2, 2]);
    expect(new Set(results.map(({ environmentId }) => environmentId)).size).toBe(1);
    expect(lambda.story()).not.toContain('frozen');
  });

  it('code after the response simply keeps running', async () => {
    const code = await folder({
      'index.mjs': `
        export const handler = async () => {
          setTimeout(() => console.log('went on'), 300);
        };`,
    });
    const lambda = await start({ ...managed, code, environment });
    await lambda.invoke({});
    await lambda.idle();

    await lambda.line(/went on/);
  });

  it('the timeout ends only the invoke; the environment and its code keep running (RIE@4fa2157)', async () => {
    const { lambda, runtime } = await stage({ ...managed, runtime: true, timeoutMs: 500 });
    const result = lambda.invoke({});
    const process = await runtime();
    const first = await process.next();

    expect(parse(await result)).toMatchObject({ errorType: 'Sandbox.Timedout' });

    const late = await process.post(`invocation/${requestIdOf(first)}/response`, { body: 1 });
    expect(late).toMatchObject({ status: 410 });
    expect(late.json).toEqual({ errorType: 'InvokeTimeout', errorMessage: 'Invoke timeout' });
    const later = await process.post(`invocation/${requestIdOf(first)}/response`, { body: 1 });
    expect(later).toMatchObject({ status: 400 });
    expect(later.json).toMatchObject({ errorType: 'InvalidRequestID' });
    const second = lambda.invoke({});
    await process.serve({ served: true });
    expect(parse(await second)).toEqual({ served: true });
    expect(lambda.story()).not.toContain('shutdown.start');
  });

  it('more than maxConcurrency at once are rejected: 429', async () => {
    const lambda = await start({ ...outcomes, maxConcurrency: 2 });
    const running = [1, 2].map(() => lambda.invoke({ outcome: 'wait', ms: 500 }));

    expect(await lambda.invoke({})).toMatchObject({ statusCode: 429 });
    await Promise.all(running);
    expect(await lambda.invoke({})).toMatchObject({ statusCode: 200 });
  });

  it('the runtime knows the concurrency, logs JSON, and has no trace id in its variables', async () => {
    const lambda = await start({ ...outcomes, maxConcurrency: 7 });

    const { variables } = parse(await lambda.invoke({ outcome: 'process' }));

    expect(variables).toMatchObject({
      AWS_LAMBDA_MAX_CONCURRENCY: '7',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
    });
    expect(variables).not.toHaveProperty('_X_AMZN_TRACE_ID');
    for (const { line } of lambda.logs.slice(firstLogs.length))
      expect(() => JSON.parse(line)).not.toThrow();
  });
});

describe('Managed Instances: extensions', () => {
  it.each([
    ['external', 'first', ['INVOKE'], 'INVOKE: ErrorInvalidEventType'],
    ['internal', 'inside', ['SHUTDOWN'], 'No events allowed for internal extensions'],
  ])(
    'INVOKE is refused, internal ones may have no event (%s)',
    async (_, name, events, errorMessage) => {
      const { lambda, extension } = await stage({ ...managed, extensions: ['first'] });
      lambda.invoke({}).catch(() => {});
      const puppet = new ExtensionPuppet(name, await extension('first'));

      const { status, json } = await puppet.register(events);

      expect(status).toBe(403);
      expect(json).toEqual({ errorType: 'Extension.InvalidEventType', errorMessage });
    },
  );

  it('can tell by AWS_LAMBDA_INITIALIZATION_TYPE; the concurrency is not told to them', async () => {
    const { lambda, extension } = await stage({ ...managed, extensions: ['first'] });
    lambda.invoke({}).catch(() => {});

    const variables = await (await extension('first')).process.variables();

    expect(variables.AWS_LAMBDA_INITIALIZATION_TYPE).toBe('lambda-managed-instances');
    expect(variables).not.toHaveProperty('AWS_LAMBDA_MAX_CONCURRENCY');
  });

  it('get SHUTDOWN when the environment ends', async () => {
    const { lambda, extension, runtime } = await stage({
      ...managed,
      extensions: ['first'],
      runtime: true,
    });
    const result = lambda.invoke({});
    const first = await extension('first');
    await first.register(['SHUTDOWN']);
    const event = first.next();
    await (await runtime()).serve();
    await result;

    const over = lambda.shutdown();

    expect((await event).json).toMatchObject({
      eventType: 'SHUTDOWN',
      shutdownReason: 'spindown',
    });
    await first.process.exit(0);
    await over;
  });

  it('one that ends takes the environment with it; the next invoke gets another', async () => {
    const { lambda, extension, runtime } = await stage({
      ...managed,
      extensions: ['first'],
      runtime: true,
    });
    const result = lambda.invoke({});
    const first = await extension('first');
    await first.register(['SHUTDOWN']);
    void first.next().catch(() => {});
    await (await runtime()).next();

    await first.process.exit(1);

    expect(parse(await result)).toMatchObject({ errorType: 'Extension.Crash' });
    await lambda.until(({ type }) => type === 'shutdown.done');
    const second = lambda.invoke({});
    const again = await extension('first', 2);
    await again.register(['SHUTDOWN']);
    void again.next().catch(() => {});
    await (await runtime(2)).serve({ again: true });
    expect(parse(await second)).toEqual({ again: true });
  });
});

describe('Managed Instances: telemetry', () => {
  it('knows schema 2025-01-29 only; there is no runtimeDone, and the report is short', async () => {
    const listener = await listenForTelemetry();
    const { lambda, extension, runtime } = await stage({
      ...managed,
      extensions: ['first'],
      runtime: true,
    });
    const result = lambda.invoke({});
    const first = await extension('first');
    await first.register(['SHUTDOWN']);
    const subscribe = (schemaVersion: string) =>
      first.subscribe({
        schemaVersion,
        types: ['platform'],
        buffering: { timeoutMs: 25 },
        destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${listener.port}` },
      });
    expect(await subscribe('2022-12-13')).toMatchObject({ status: 400 });
    expect(await subscribe('2025-01-29')).toMatchObject({ status: 200 });
    void first.next().catch(() => {});
    const { requestId } = await (await runtime()).serve().then(() => result);

    const { record } = await listener.event('platform.report');

    expect(record).toEqual({
      requestId,
      status: 'success',
      metrics: { durationMs: expect.any(Number) },
      spans: [
        expect.objectContaining({ name: 'responseLatency' }),
        expect.objectContaining({ name: 'responseDuration' }),
      ],
      tracing: expect.any(Object),
    });
    expect(listener.events.map(({ type }) => type)).not.toContain('platform.runtimeDone');
  });
});
