import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { requestIdOf, stage } from '../support/puppets.ts';
import { fixture, start } from '../support/start.ts';
import { listenForLines, listenForTelemetry } from '../support/telemetry-listener.ts';

const subscription = (port: number, more: object = {}) => ({
  schemaVersion: '2022-12-13',
  types: ['platform', 'function', 'extension'],
  buffering: { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 25 },
  destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${port}/in?to=test` },
  ...more,
});

/** An extension that has registered and may subscribe; one invoke waits. */
async function registered(options = {}) {
  const play = await stage({ extensions: ['first'], runtime: true, ...options });
  const result = play.lambda.invoke({ from: 'caller' });
  result.catch(() => {});
  const first = await play.extension('first');
  await first.register();
  return { ...play, first, result };
}

type Play = Awaited<ReturnType<typeof registered>>;

/** Everybody has asked for the first event; the invoke is with the runtime. */
async function inInvoke(play: Play) {
  const event = play.first.next();
  const runtime = await play.runtime();
  const request = await runtime.next();
  await event;
  const respond = (body: unknown = {}) =>
    runtime.post(`invocation/${requestIdOf(request)}/response`, { body });
  return { ...play, runtimePuppet: runtime, respond, requestId: requestIdOf(request) };
}

describe('Telemetry API: delivery', () => {
  it('posts arrays of events as JSON to the path of the URI, what was before the subscription included', async () => {
    const listener = await listenForTelemetry();
    const { first } = await registered();
    await first.subscribe(subscription(listener.port));

    await listener.event('platform.telemetrySubscription');

    const [batch] = listener.batches;
    expect(batch?.path).toBe('/in?to=test');
    expect(batch?.headers['content-type']).toBe('application/json');
    expect(batch?.events[0]).toMatchObject({ type: 'platform.initStart' });
  });

  it('a batch waits for its timeout', async () => {
    const listener = await listenForTelemetry();
    const { first } = await registered();
    const buffering = { timeoutMs: 600 };
    const subscribedAt = Date.now();
    await first.subscribe(subscription(listener.port, { buffering }));

    await listener.event('platform.initStart');

    expect(Date.now() - subscribedAt).toBeGreaterThanOrEqual(590);
  });

  it('a batch leaves at once when it has maxItems or maxBytes', async () => {
    const listener = await listenForTelemetry();
    const { first } = await registered();
    const buffering = { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 30_000 };
    await first.subscribe(subscription(listener.port, { buffering, types: ['extension'] }));

    await first.process.say('line\n'.repeat(1_000));
    await listener.event('extension');
    await first.process.say(`${'x'.repeat(200_000)}\n${'y'.repeat(100_000)}\n`);
    await listener.event('extension', ({ record }) => record.startsWith('y'));

    expect(listener.batches[0]?.events).toHaveLength(1_000);
  });

  it('gives each subscriber the types that it asked for', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port, { types: ['function'] }));
    const { runtimePuppet, lambda } = await inInvoke(play);

    await runtimePuppet.process.say('of the function\n');
    await lambda.line(/^of the function$/);
    await listener.event('function', ({ record }) => record === 'of the function');

    expect(listener.events.every(({ type }) => type === 'function')).toBe(true);
  });

  it('tries again when the subscriber answers with an error', async () => {
    const listener = await listenForTelemetry([500, 503]);
    const { first } = await registered();
    await first.subscribe(subscription(listener.port));

    await listener.event('platform.initStart');
  });

  it('drops what cannot be delivered, and reports it', async () => {
    const listener = await listenForTelemetry([500, 500, 500, 500, 500]);
    const { first } = await registered();
    await first.subscribe(subscription(listener.port));

    const { record } = await listener.event('platform.logsDropped');

    expect(record).toEqual({
      droppedBytes: expect.any(Number),
      droppedRecords: expect.any(Number),
      reason: expect.any(String),
    });
  });

  it('speaks TCP too: newline-delimited JSON', async () => {
    const listener = await listenForLines();
    const { first } = await registered();
    const destination = { protocol: 'TCP', port: listener.port };
    await first.subscribe(subscription(0, { destination }));

    expect(JSON.parse(await listener.first)).toMatchObject({ type: 'platform.initStart' });
  });

  it('nothing leaves while the environment is frozen; the report of an invoke comes with the next one', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port));
    const { first, respond, runtimePuppet, lambda, requestId } = await inInvoke(play);
    await respond();
    const next = runtimePuppet.next();
    await listener.event('platform.runtimeDone');
    void first.next().catch(() => {});
    await lambda.idle();

    await delay(200);
    expect(listener.events.map(({ type }) => type)).not.toContain('platform.report');
    lambda.invoke({}).catch(() => {});
    await next;

    const { record } = await listener.event('platform.report');
    expect(record).toMatchObject({ requestId });
  });

  it('to a frozen extension, the report of an invoke comes after the next INVOKE', async () => {
    const lambda = await start({
      code: fixture('functions/outcomes'),
      layers: [fixture('layers/impatient')],
    });
    const first = await lambda.invoke({});
    await lambda.idle();
    const second = await lambda.invoke({ outcome: 'wait', ms: 500 });
    await lambda.idle();

    const heard = lambda.logs.filter(({ source }) => source === 'extension');
    const lines = heard.map(({ line }) => line);
    expect(lines).toContain(`platform.report ${first.requestId}`);
    expect(lines.indexOf(`platform.report ${first.requestId}`)).toBeGreaterThan(
      lines.indexOf(`INVOKE ${second.requestId}`),
    );
  });

  it('SHUTDOWN sends everything that is left', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port, { buffering: { timeoutMs: 30_000 } }));
    const { first, respond, runtimePuppet, lambda } = await inInvoke(play);
    await respond();
    runtimePuppet.next().catch(() => {});
    const next = first.next();
    await lambda.idle();

    const over = lambda.shutdown();
    await next;
    await listener.event('platform.report');

    await first.process.exit(0);
    await over;
  });
});

describe('Telemetry API: events', () => {
  it('of INIT', async () => {
    const listener = await listenForTelemetry();
    const play = await registered({ memoryMiB: 256 });
    await play.first.subscribe(subscription(listener.port));
    await inInvoke(play);

    const { time, record } = await listener.event('platform.initStart');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(record).toMatchObject({
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: expect.any(String),
      functionName: 'function',
      functionVersion: '$LATEST',
      instanceId: expect.any(String),
      instanceMaxMemory: 256,
    });
    const init = { initializationType: 'on-demand', phase: 'init', status: 'success', spans: [] };
    expect((await listener.event('platform.initRuntimeDone')).record).toEqual(init);
    expect((await listener.event('platform.extension')).record).toEqual({
      name: 'first',
      state: 'Ready',
      events: ['INVOKE', 'SHUTDOWN'],
    });
    expect((await listener.event('platform.initReport')).record).toEqual({
      ...init,
      metrics: { durationMs: expect.any(Number) },
    });
    expect((await listener.event('platform.telemetrySubscription')).record).toEqual({
      name: 'first',
      state: 'Subscribed',
      types: ['platform', 'function', 'extension'],
    });
  });

  it('of an invoke that succeeds, with the figures of this run', async () => {
    const listener = await listenForTelemetry();
    const play = await registered({ memoryMiB: 256 });
    await play.first.subscribe(subscription(listener.port));
    const { first, respond, runtimePuppet, lambda, requestId } = await inInvoke(play);
    await delay(60);
    await respond({ 1: '23456789' });
    runtimePuppet.next().catch(() => {});

    const start = (await listener.event('platform.start')).record;
    const done = (await listener.event('platform.runtimeDone')).record;
    await delay(60);
    void first.next().catch(() => {});
    await lambda.idle();
    lambda.invoke({}).catch(() => {});
    const report = (await listener.event('platform.report')).record;

    const tracing = {
      type: 'X-Amzn-Trace-Id',
      value: expect.stringMatching(/^Root=/),
      spanId: expect.any(String),
    };
    expect(start).toMatchObject({ requestId, version: '$LATEST', tracing });
    expect(done).toEqual({
      requestId,
      status: 'success',
      metrics: { durationMs: expect.any(Number), producedBytes: 16 },
      spans: ['responseLatency', 'responseDuration', 'runtimeOverhead'].map((name) => ({
        name,
        start: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
      })),
      tracing,
    });
    expect(done.metrics.durationMs).toBeGreaterThanOrEqual(59);
    expect(done.spans[0].durationMs).toBeGreaterThanOrEqual(59);
    expect(report).toEqual({
      requestId,
      status: 'success',
      metrics: {
        durationMs: expect.any(Number),
        billedDurationMs: expect.any(Number),
        memorySizeMB: 256,
        maxMemoryUsedMB: expect.any(Number),
        initDurationMs: expect.any(Number),
      },
      spans: [
        {
          name: 'extensionOverhead',
          start: expect.stringMatching(/Z$/),
          durationMs: expect.any(Number),
        },
      ],
      tracing,
    });
    expect(report.spans[0].durationMs).toBeGreaterThanOrEqual(59);
    expect(report.metrics.durationMs).toBeGreaterThanOrEqual(
      done.metrics.durationMs + report.spans[0].durationMs - 1,
    );
  });

  it('runtimeDone says success although the handler threw: the runtime did its job', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port));
    const { runtimePuppet, requestId } = await inInvoke(play);
    await runtimePuppet.post(`invocation/${requestId}/error`, {
      headers: { 'Lambda-Runtime-Function-Error-Type': 'Unhandled' },
      body: { errorType: 'Error', errorMessage: 'thrown' },
    });
    runtimePuppet.next().catch(() => {});

    const { record } = await listener.event('platform.runtimeDone');

    expect(record).toMatchObject({ status: 'success', metrics: { producedBytes: 0 } });
  });

  it('of a runtime that ends: error, with its type; the report too', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port));
    const { runtimePuppet, first } = await inInvoke(play);
    const next = first.next();

    await runtimePuppet.process.exit(1);

    const failed = { status: 'error', errorType: 'Runtime.ExitError' };
    expect((await listener.event('platform.runtimeDone')).record).toMatchObject(failed);
    expect((await listener.event('platform.report')).record).toMatchObject(failed);
    await next;
  });

  it('of a timeout', async () => {
    const listener = await listenForTelemetry();
    const play = await registered({ timeoutMs: 1_000 });
    await play.first.subscribe(subscription(listener.port));
    const { requestId } = await inInvoke(play);

    expect((await listener.event('platform.runtimeDone')).record).toMatchObject({
      requestId,
      status: 'timeout',
      metrics: { producedBytes: 0 },
    });
    expect((await listener.event('platform.report')).record).toMatchObject({
      requestId,
      status: 'timeout',
      metrics: { durationMs: 1_000, billedDurationMs: expect.any(Number) },
    });
  });

  it('lines of function and extension: text, or objects with JSON logs', async () => {
    const listener = await listenForTelemetry();
    const play = await registered({ environment: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    await play.first.subscribe(subscription(listener.port));
    const { runtimePuppet } = await inInvoke(play);

    await runtimePuppet.process.say('{"level":"INFO","message":"hello"}\nplain\n');

    const object = await listener.event('function', ({ record }) => record.message === 'hello');
    expect(object.record).toEqual({ level: 'INFO', message: 'hello' });
    await listener.event('function', ({ record }) => record === 'plain');
  });

  it('a line that is longer than 256 KiB is cut', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.subscribe(subscription(listener.port, { types: ['extension'] }));

    await play.first.process.say(`${'x'.repeat(262_144 + 10)}\n`);

    await listener.event('extension', ({ record }) => record === 'x'.repeat(10));
  });

  it('a suppressed init has phase invoke', async () => {
    const listener = await listenForTelemetry();
    const play = await registered();
    await play.first.process.exit(1);
    const second = await play.extension('first', 2);
    await second.register();
    await second.subscribe(subscription(listener.port));

    expect((await listener.event('platform.initStart')).record).toMatchObject({ phase: 'invoke' });
  });
});
