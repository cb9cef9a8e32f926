import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Host } from '../fixtures/host.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const context = {
  trace: {
    traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`,
    tracestate: 'vendor=1',
    baggage: 'user=7',
  },
};

describe.each(NODE_PROGRAMS)('with OpenTelemetry in the handler, on Node.js $major,', (node) => {
  /** The handler `traced.handler`, and the spans that it has exported. */
  async function startTraced(env: Record<string, string> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'async-http-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'spans');
    const host = new Host({
      node,
      env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', EXPORTED: file, ...env },
    });
    host.send({ type: 'load', handler: 'traced.handler', preloads: [] });
    expect(await host.next('loaded')).toMatchObject({ hasTracer: true });
    const spans = () =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line))
        : [];
    return { host, spans };
  }

  it('the first attempt is a child of the request, and exported before its end is reported', async () => {
    const { host, spans } = await startTraced();

    await host.run({}, { context, requestId: 'request-7', jobId: 'request-7.1' });

    expect(spans()).toEqual([
      {
        name: 'process traced.handler',
        kind: 4,
        attributes: {
          'faas.trigger': 'pubsub',
          'faas.invocation_id': 'request-7',
          'messaging.system': 'async_http',
          'messaging.operation.type': 'process',
          'messaging.operation.name': 'process',
          'messaging.destination.name': 'traced.handler',
          'messaging.message.id': 'request-7.1',
          'async_http.attempt': 1,
        },
        status: { code: 0 },
        traceId: TRACE_ID,
        spanId: expect.any(String),
        parentSpanId: SPAN_ID,
        state: 'vendor=1',
        links: [],
        events: [],
        startMs: expect.any(Number),
        endMs: expect.any(Number),
      },
    ]);
  });

  it('the tail of a request is a span in the trace of its job, from the reply until it is asked for', async () => {
    const { host, spans } = await startTraced();
    const repliedAtMs = Date.now();
    await host.run({}, { context, requestId: 'request-7' });

    host.send({ type: 'tail', requestId: 'request-7', repliedAtMs, limitMs: 2_000 });
    await host.next('tail-exported');

    const [attempt, tail] = spans();
    expect(tail).toMatchObject({
      name: 'tail',
      traceId: TRACE_ID,
      parentSpanId: SPAN_ID,
      attributes: { 'faas.invocation_id': 'request-7' },
      startMs: repliedAtMs,
    });
    expect(tail.endMs).toBeGreaterThanOrEqual(attempt.endMs);
  });

  it('the tail of a request without a job is none', async () => {
    const { host, spans } = await startTraced();
    await host.run({}, { context, requestId: 'request-7' });

    host.send({ type: 'tail', requestId: 'request-8', repliedAtMs: Date.now(), limitMs: 2_000 });
    await host.next('tail-exported');

    expect(spans()).toHaveLength(1);
  });

  it('the handler runs in the span, with the baggage and the headers of the request', async () => {
    const { host } = await startTraced();

    expect(await host.run({}, { context })).toEqual({
      traceId: TRACE_ID,
      baggage: '7',
      carried: context.trace,
      stored: context.trace.traceparent,
    });
  });

  it.each([
    ['a retry', {}, 2],
    ['with ASYNC_HTTP_TRACE=link also the first attempt', { ASYNC_HTTP_TRACE: 'link' }, 1],
  ])('%s is a root span, with a link to the request', async (_, env, attempt) => {
    const { host, spans } = await startTraced(env);

    const { traceId, baggage } = (await host.run({}, { context, attempt })) as Record<
      string,
      unknown
    >;

    const [span] = spans();
    expect(span).toMatchObject({ traceId, links: [{ traceId: TRACE_ID, spanId: SPAN_ID }] });
    expect(span.traceId).not.toBe(TRACE_ID);
    expect(span.parentSpanId).toBeUndefined();
    expect(baggage).toBe('7');
  });

  it('jobs that run at once have a span each', async () => {
    const { host } = await startTraced();
    host.start({ ms: 100 }, { context });
    host.start({ ms: 20 });
    for (let started = 0; started < 2; started += 1) await host.next('started');

    const results = [await host.next('succeeded'), await host.next('succeeded')];
    const [second, first] = results.map(({ body }) => JSON.parse(body).traceId);
    expect(first).toBe(TRACE_ID);
    expect(second).not.toBe(TRACE_ID);
  });

  it('a failure is in the span', async () => {
    const { host, spans } = await startTraced();

    host.start({ fails: true }, { context });
    await host.next('started');
    expect(await host.next('failed')).toMatchObject({ error: { errorType: 'RangeError' } });

    expect(spans()).toMatchObject([
      {
        status: { code: 2, message: 'too far' },
        attributes: { 'error.type': 'RangeError' },
        events: [
          {
            'exception.type': 'RangeError',
            'exception.message': 'too far',
            'exception.stacktrace': expect.stringContaining('traced.mjs'),
          },
        ],
      },
    ]);
  });

  it('a job of a request without a trace begins one, and gets nothing malformed', async () => {
    const { host, spans } = await startTraced();

    const trace = { traceparent: 'not one', baggage: 'user=7' };
    const result = await host.run({}, { context: { trace } });

    expect(spans()).toMatchObject([{ name: 'process traced.handler', links: [] }]);
    expect(spans()[0].parentSpanId).toBeUndefined();
    expect(result).toMatchObject({ baggage: '7', carried: { baggage: 'user=7' } });
    expect(result).not.toHaveProperty('carried.traceparent');
  });

  it.each([
    ['throws', 'broken exporter'],
    ['fails', 'no collector'],
  ])('an exporter that %s costs no job, and one line', async (EXPORTER, reason) => {
    const { host } = await startTraced({ EXPORTER });

    for (let job = 0; job < 2; job += 1) await host.run({}, { requestId: 'request-7' });
    host.send({ type: 'tail', requestId: 'request-7', repliedAtMs: Date.now(), limitMs: 2_000 });
    await host.next('tail-exported');

    const lines = (await host.end()).stdout.split('\n').filter((line) => line !== '');
    expect(lines).toEqual([
      expect.stringMatching(`\tWARN\t\\[async-http\\] OpenTelemetry: .*${reason}`),
    ]);
  });

  it('an exporter that hangs is waited for 2 s', async () => {
    const { host } = await startTraced({ EXPORTER: 'hangs' });
    const began = performance.now();

    await host.run({});

    expect(performance.now() - began).toBeGreaterThan(1_900);
    expect((await host.end()).stdout).toMatch(/WARN\t.* it takes longer than 2000 ms/);
  });

  it('an exporter that hangs is waited for half of the time that is left', async () => {
    const { host } = await startTraced({ EXPORTER: 'hangs' });
    const killAtMs = Date.now() + 600;

    await host.run({}, { killAtMs });

    const leftMs = killAtMs - Date.now();
    expect(leftMs).toBeGreaterThan(100);
    expect(leftMs).toBeLessThanOrEqual(300);
  });
});

describe('a tracer that is broken', () => {
  it.each(['getTracer', 'active', 'with'])('in %s changes nothing for a job', async (breaks) => {
    const host = new Host();
    await host.load('breaks-tracer.handler');
    await host.run({ breaks });

    expect(await host.run({ breaks })).toBe('done');
    expect((await host.end()).stdout).toMatch(/WARN\t\[async-http\] OpenTelemetry: .*broken\n$/);
  });

  it('in its spans changes nothing for a job that fails', async () => {
    const host = new Host();
    await host.load('breaks-tracer.handler');
    await host.run({});

    host.start({ fails: true });
    await host.next('started');
    expect(await host.next('failed')).toMatchObject({ error: { errorMessage: 'too far' } });
  });
});
