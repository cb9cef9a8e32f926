import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, type SendArgsOptions } from '../../src/index.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-11111111111111111111111111111111-2222222222222222-01';

type Carrier = Record<string, unknown>;
type Inject = (
  context: unknown,
  carrier: Carrier,
  setter: { set(carrier: Carrier, name: string, value: unknown): void },
) => void;

/** A stand-in for `@opentelemetry/api` with a propagator. */
function setOpenTelemetry(inject: Inject): void {
  const globals = globalThis as Record<symbol, unknown>;
  const key = Symbol.for('opentelemetry.js.api.1');
  globals[key] = { context: { active: () => 'the active context' }, propagation: { inject } };
  onTestFinished(() => {
    delete globals[key];
  });
}

/** The trace that travels with a job of this event. */
async function traceOf(event: unknown, options?: SendArgsOptions): Promise<unknown> {
  const listener = startListener();
  await createClient(listener.env).handOff(event, lambdaContext(), options);
  return (listener.jobs()[0]?.context as { trace?: unknown } | undefined)?.trace;
}

describe('the trace of a job', () => {
  it('is what OpenTelemetry has active', async () => {
    setOpenTelemetry((context, carrier, { set }) => {
      expect(context).toBe('the active context');
      set(carrier, 'traceparent', TRACEPARENT);
      set(carrier, 'tracestate', 'vendor=1');
      set(carrier, 'baggage', 'user=7');
      set(carrier, 'x-amzn-trace-id', 'Root=1');
    });

    expect(await traceOf({ headers: { traceparent: OTHER } })).toEqual({
      traceparent: TRACEPARENT,
      tracestate: 'vendor=1',
      baggage: 'user=7',
    });
  });

  it.each([
    ['of an HTTP API', { traceparent: TRACEPARENT, tracestate: 'vendor=1', baggage: 'user=7' }],
    ['of a REST API', { TraceParent: TRACEPARENT, Tracestate: 'vendor=1', BAGGAGE: 'user=7' }],
  ])('is what the headers say without OpenTelemetry: %s', async (_, headers) => {
    expect(await traceOf({ headers: { host: 'example.org', ...headers } })).toEqual({
      traceparent: TRACEPARENT,
      tracestate: 'vendor=1',
      baggage: 'user=7',
    });
  });

  it('is in the headers that are given for an event without any', async () => {
    const headers = { traceparent: TRACEPARENT };

    expect(await traceOf({ order: 7 }, { headers })).toEqual({ traceparent: TRACEPARENT });
  });

  it('is what the headers say where no span is active', async () => {
    setOpenTelemetry(() => {});

    expect(await traceOf({ headers: { traceparent: TRACEPARENT } })).toEqual({
      traceparent: TRACEPARENT,
    });
  });

  it('is what the headers say when the propagator throws', async () => {
    setOpenTelemetry(() => {
      throw new Error('broken');
    });

    expect(await traceOf({ headers: { traceparent: TRACEPARENT } })).toEqual({
      traceparent: TRACEPARENT,
    });
  });

  it.each([
    [{}],
    [null],
    ['text'],
    [{ headers: null }],
    [{ headers: 'traceparent' }],
    [{ headers: { baggage: null } }],
    [{ headers: { baggage: 'x'.repeat(8_193) } }],
  ])('is not there when the event %j says nothing of it', async (event) => {
    expect(await traceOf(event)).toBeUndefined();
  });
});

describe('the daemon of X-Ray', () => {
  it.each([
    [undefined, undefined],
    ['169.254.100.1:2000', '169.254.100.1:2000'],
    [`${'x'.repeat(100)}y`, 'x'.repeat(100)],
  ])('is named as the function knows it, and never at length: %s', async (address, named) => {
    const listener = startListener();
    const env = { ...listener.env, AWS_XRAY_DAEMON_ADDRESS: address };

    await createClient(env).handOff({}, lambdaContext());

    expect(listener.jobs()[0]?.facts.xRayDaemon).toBe(named);
  });
});
