import type { Trace } from '@async-http/client/protocol';
import type {
  Context,
  ContextManager,
  Link,
  Span,
  SpanOptions,
  TextMapPropagator,
  TracerProvider,
} from '@opentelemetry/api';
import type { ErrorFacts } from '../handler-process/frames.ts';
import { errorFacts } from './errors.ts';
import { flushTelemetry } from './flush-telemetry.ts';

/** What of OpenTelemetry the user's code has registered. All copies of its API share this one global. */
interface Registered {
  readonly trace?: TracerProvider;
  readonly context?: ContextManager;
  readonly propagation?: TextMapPropagator;
}

/** What is said of one attempt. */
export interface AttemptFacts {
  readonly handler: string;
  readonly jobId: string;
  readonly requestId: string;
  /** From 1. */
  readonly attempt: number;
  readonly trace: Trace | undefined;
  /** Of X-Ray. */
  readonly traceId: string | undefined;
}

/** The span of an attempt. None of its methods throws or rejects, whatever the tracer does. */
export interface AttemptSpan {
  /** Calls once, with the span and the baggage of the request active. */
  within<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Ends the span, then waits until it is exported, no longer than `limitMs`. */
  end(error: ErrorFacts | undefined, limitMs: number): Promise<void>;
}

// By their numbers and names, so that nothing of OpenTelemetry is in the layer.
const INTERNAL = 0;
const CONSUMER = 4;
const ERROR = 2;
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const X_RAY_HEADER = 'x-amzn-trace-id';

/** Whether the user's code has a tracer. */
export function hasTracer(): boolean {
  const { trace, context } = registered();
  return trace !== undefined && context !== undefined;
}

/**
 * Starts the span of an attempt: a child of what was active when the job was handed off, or a root that is linked to it.
 * A retry is always a root, because the trace of the request may be long over.
 *
 * @returns undefined where no tracer is registered
 */
export function startAttemptSpan(
  facts: AttemptFacts,
  { linksOnly }: { linksOnly: boolean },
): AttemptSpan | undefined {
  const started = startSpan(`process ${facts.handler}`, facts, {
    kind: CONSUMER,
    root: linksOnly || facts.attempt > 1,
    attributes: attributesOf(facts),
  });
  if (!started) return undefined;
  const { span, context, manager } = started;
  return {
    within(call) {
      let result: ReturnType<typeof call> | undefined;
      const once = () => {
        result ??= call();
      };
      try {
        manager.with(context, once);
      } catch (error) {
        warnOnce(error);
      }
      return result ?? call();
    },
    end: (error, limitMs) => exportSpan(span, error, limitMs),
  };
}

/**
 * Exports the span of a tail: from the reply to now, when the environment may freeze. It has the place of a first
 * attempt in the trace. Never rejects.
 */
export async function exportTailSpan(
  facts: AttemptFacts,
  { repliedAtMs, limitMs, linksOnly }: { repliedAtMs: number; limitMs: number; linksOnly: boolean },
): Promise<void> {
  // An exporter that has failed is not waited for a second time.
  if (hasWarned) return;
  const started = startSpan('tail', facts, {
    kind: INTERNAL,
    root: linksOnly,
    startTime: repliedAtMs,
    attributes: { 'faas.invocation_id': facts.requestId },
  });
  if (started) await exportSpan(started.span, undefined, limitMs);
}

/** @returns undefined where no tracer is registered, or it fails */
function startSpan(
  name: string,
  facts: AttemptFacts,
  options: SpanOptions,
): { span: Span; context: Context; manager: ContextManager } | undefined {
  const { trace: provider, context: manager, propagation } = registered();
  if (!provider || !manager) return undefined;
  try {
    const origin = extract(manager.active(), propagation, facts);
    const links = options.root ? linksTo(origin) : [];
    const parent = options.root ? origin.deleteValue(SPAN) : origin;
    const span = provider.getTracer('async-http').startSpan(name, { ...options, links }, parent);
    return { span, context: origin.setValue(SPAN, span), manager };
  } catch (error) {
    warnOnce(error);
    return undefined;
  }
}

/** Ends the span, then waits until it is exported, no longer than `limitMs`. Never rejects. */
async function exportSpan(
  span: Span,
  error: ErrorFacts | undefined,
  limitMs: number,
): Promise<void> {
  try {
    if (error) fail(span, error);
    span.end();
    if (limitMs > 0) await flushTelemetry(limitMs);
  } catch (reason) {
    warnOnce(reason);
  }
}

function registered(): Registered {
  return Object((globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')]);
}

function extract(
  active: Context,
  propagation: TextMapPropagator | undefined,
  { trace, traceId }: AttemptFacts,
): Context {
  const from = (context: Context, carrier: object) =>
    propagation?.extract(context, carrier, GETTER) ?? context;
  const context = from(active, trace ?? {});
  if (context.getValue(SPAN) || !traceId?.includes('Sampled=1')) return context;
  return from(context, { [X_RAY_HEADER]: traceId });
}

const GETTER = {
  get: (carrier: object, name: string) =>
    (carrier as Record<string, string | undefined>)[name.toLowerCase()],
  keys: Object.keys,
};

function linksTo(origin: Context): Link[] {
  const span = origin.getValue(SPAN) as Span | undefined;
  return span ? [{ context: span.spanContext() }] : [];
}

/** @see OpenTelemetry, "Semantic conventions for messaging spans", "… for FaaS spans" */
function attributesOf({ handler, jobId, requestId, attempt }: AttemptFacts) {
  return {
    'faas.trigger': 'pubsub',
    'faas.invocation_id': requestId,
    'messaging.system': 'async_http',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': handler,
    'messaging.message.id': jobId,
    'async_http.attempt': attempt,
  };
}

function fail(span: Span, { errorType, errorMessage, stackTrace }: ErrorFacts): void {
  span.setAttribute('error.type', errorType);
  span.recordException({ name: errorType, message: errorMessage, stack: stackTrace.join('\n') });
  span.setStatus({ code: ERROR, message: errorMessage });
}

let hasWarned = false;

function warnOnce(reason: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  // biome-ignore lint/suspicious/noConsole: it is patched, so the line has the level and the format of the function's log.
  console.warn(
    `[async-http] OpenTelemetry: a span could not be exported, and no job is affected: ${errorFacts(reason).errorMessage}`,
  );
}
