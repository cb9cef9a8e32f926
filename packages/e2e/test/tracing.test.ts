import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { startCollector } from './support/collector.ts';
import { startSqs } from './support/queue.ts';
import { shared, type WhenOver } from './support/shared.ts';
import {
  fixture,
  invoke,
  LAYER,
  linesWith,
  ONE_RUNTIME,
  startFunction,
} from './support/start-function.ts';
import { startXRayDaemon } from './support/x-ray-daemon.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const PARENT = '53995c3f42cd8ad8';
const SAMPLED = { traceId: `Root=${ROOT};Parent=${PARENT};Sampled=1` };

/** A function that makes its own spans, and a layer that starts OpenTelemetry's SDK with a wrapper script. */
async function buildTraced(whenOver: WhenOver): Promise<{ code: string; layer: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'traced-'));
  whenOver(async () => rmSync(folder, { recursive: true }));
  const [code, layer] = [join(folder, 'code'), join(folder, 'layer')];
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node22' } as const;
  await build({
    ...options,
    entryPoints: [join(fixture('tracing'), 'function.js')],
    outdir: code,
    external: ['/opt/*'],
  });
  await build({
    ...options,
    entryPoints: [join(fixture('tracing'), 'wrapper.cjs')],
    outdir: layer,
  });
  writeFileSync(join(layer, 'wrapper.mjs'), "import './wrapper.js';");
  cpSync(join(fixture('tracing'), 'otel-instrument'), join(layer, 'otel-instrument'));
  chmodSync(join(layer, 'otel-instrument'), 0o755);
  return { code, layer };
}

const traced = shared(buildTraced);

/** A traced function and its collector. */
async function startTraced({
  environment,
  ...options
}: Partial<Parameters<typeof startFunction>[0]> &
  Pick<Parameters<typeof startFunction>[0], 'runtime'>) {
  const { code, layer } = await traced();
  const collector = await startCollector();
  const lambda = await startFunction({
    code,
    layers: [LAYER, layer],
    name: 'shop',
    environment: {
      ...collector.environment,
      ASYNC_HANDLER: 'function.background',
      AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument',
      ...environment,
    },
    ...options,
    handler: options.handler ?? 'function.handler',
  });
  return { lambda, collector };
}

describe.each(ONE_RUNTIME)(
  "with the layer of a tracer and OpenTelemetry's SDK, on %s,",
  (runtime) => {
    it('request and job are one trace, a retry is linked to it, and all is exported before the freeze', async () => {
      const daemon = await startXRayDaemon();
      const { lambda, collector } = await startTraced({ runtime, environment: daemon.environment });

      const { payload } = await lambda.invoke({ untilAttempt: 2 }, SAMPLED);
      await lambda.idle();

      const { jobId } = JSON.parse(payload.toString());
      const [request] = collector.named('request');
      const [first, retry, ...more] = collector.named('process function.background');
      const origin = { traceId: request?.traceId, spanId: request?.spanId };
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        service: 'shop',
        traceId: origin.traceId,
        parentSpanId: origin.spanId,
        status: { code: 2, message: 'not yet' },
        attributes: { 'messaging.message.id': jobId, 'async_http.attempt': 1 },
      });
      expect(retry).toMatchObject({ links: [origin], attributes: { 'async_http.attempt': 2 } });
      expect(retry?.parentSpanId).toBeUndefined();
      expect(retry?.traceId).not.toBe(origin.traceId);
      // What the job does is below, with the baggage of the request.
      expect(collector.named('work')).toMatchObject([
        { parentSpanId: first?.spanId, attributes: { user: '7' } },
        { parentSpanId: retry?.spanId, attributes: { user: '7' } },
      ]);
      // The time that the caller did not wait for.
      expect(collector.named('tail')).toMatchObject([
        { service: 'shop', traceId: origin.traceId, parentSpanId: origin.spanId },
      ]);
      expect(linesWith(lambda, 'WARN')).toEqual([expect.stringContaining('attempt 1 failed')]);
      // Nothing is shown twice.
      expect(daemon.documents).toEqual([]);
    });
  },
);

describe.each(ONE_RUNTIME)('on %s', (runtime) => {
  it('ASYNC_HTTP_TRACE=link makes the first attempt a separate trace, with a link', async () => {
    const { lambda, collector } = await startTraced({
      runtime,
      environment: { ASYNC_HTTP_TRACE: 'link' },
    });

    await invoke(lambda);
    await lambda.idle();

    const [request] = collector.named('request');
    const [attempt] = collector.named('process function.background');
    expect(attempt?.links).toMatchObject([{ traceId: request?.traceId, spanId: request?.spanId }]);
    expect(attempt?.parentSpanId).toBeUndefined();
    const [tail] = collector.named('tail');
    expect(tail?.links).toMatchObject([{ traceId: request?.traceId }]);
    expect(tail?.parentSpanId).toBeUndefined();
  });

  it('request and job are one trace through a queue', async () => {
    const sqs = await startSqs();
    const queue = await sqs.createQueue('jobs');
    const { lambda, collector } = await startTraced({
      runtime,
      environment: { ...sqs.environment, ASYNC_HTTP_DELIVERY: queue.arn },
    });
    const consumer = await startTraced({
      runtime,
      name: 'worker',
      handler: '/opt/proxy.consumer',
      timeoutMs: 20_000,
    });

    await invoke(lambda);
    await queue.deliverTo(consumer.lambda);
    await consumer.lambda.idle();

    const [request] = collector.named('request');
    expect(consumer.collector.named('process function.background')).toMatchObject([
      { service: 'worker', traceId: request?.traceId, parentSpanId: request?.spanId },
    ]);
  });

  it('a collector that cannot be reached costs a line, and no job', async () => {
    const { lambda } = await startTraced({
      runtime,
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'job succeeded')).toHaveLength(1);
    expect(linesWith(lambda, /WARN\t\[async-http\] OpenTelemetry: /)).toHaveLength(1);
  });

  it('without OpenTelemetry, the job gets the trace from the headers of the request', async () => {
    const lambda = await startFunction({
      runtime,
      environment: { ASYNC_HANDLER: 'jobs/consumed.byEvent' },
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await invoke(lambda, { job: 'tellsItsContext', headers: { traceparent, baggage: 'user=7' } });
    await lambda.idle();

    const [line = ''] = linesWith(lambda, 'job says');
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
      trace: { traceparent, baggage: 'user=7' },
    });
  });

  it('without OpenTelemetry, X-Ray gets a subsegment for each attempt', async () => {
    const daemon = await startXRayDaemon();
    const lambda = await startFunction({
      runtime,
      environment: { ...daemon.environment, ASYNC_HANDLER: 'jobs/attempts.byEvent' },
    });

    const { requestId } = await lambda.invoke({ does: 'fails', untilAttempt: 2 }, SAMPLED);
    await lambda.idle();

    await expect.poll(() => daemon.documents).toHaveLength(2);
    const common = {
      name: 'jobs/attempts.byEvent',
      type: 'subsegment',
      trace_id: ROOT,
      parent_id: PARENT,
    };
    const [first, second] = daemon.documents as { start_time: number; end_time: number }[];
    expect(first).toMatchObject({
      ...common,
      fault: true,
      cause: { exceptions: [{ type: 'RangeError', message: 'failure 1' }] },
      annotations: { jobId: `${requestId}.1`, attempt: 1 },
    });
    expect(second).toMatchObject({ ...common, annotations: { attempt: 2 } });
    expect(second).not.toHaveProperty('fault');
    expect(second?.start_time).toBeGreaterThanOrEqual(Number(first?.end_time));
  });

  it('X-Ray gets nothing of a trace that it does not sample', async () => {
    const daemon = await startXRayDaemon();
    const lambda = await startFunction({
      runtime,
      environment: { ...daemon.environment, ASYNC_HANDLER: 'jobs/say.handler' },
    });

    await lambda.invoke({}, { traceId: SAMPLED.traceId.replace('Sampled=1', 'Sampled=0') });
    await lambda.idle();

    expect(linesWith(lambda, 'job succeeded')).toHaveLength(1);
    expect(daemon.documents).toEqual([]);
  });
});
