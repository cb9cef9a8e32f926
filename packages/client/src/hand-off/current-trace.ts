import type { Trace } from '../protocol/trace.ts';

/** The part of `@opentelemetry/api` that is used here. All copies of it share one global. */
interface OpenTelemetry {
  readonly context: { active(): unknown };
  readonly propagation: { inject(context: unknown, carrier: object, setter: object): void };
}

/** `Baggage` has the highest limit of the three headers. A queue does not take jobs of any size. */
const LONGEST = 8_192;

/**
 * The trace of the request that hands off: what OpenTelemetry has active, otherwise what the headers of the HTTP request
 * say. Nothing is loaded for it. It never throws: a broken propagator must not cost a job. The handler process
 * leaves out what is malformed.
 */
export function currentTrace(event: unknown, given?: object): Trace | undefined {
  let trace: Record<string, string> | undefined;
  const set = (_: unknown, header: string, value: string) => {
    if (/^(trace(parent|state)|baggage)$/i.test(header) && value.length <= LONGEST) {
      trace = { ...trace, [header.toLowerCase()]: value };
    }
  };
  try {
    // Without OpenTelemetry, nothing is thrown: an error with its stack costs more than the rest of this.
    const api = (globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')];
    const { context, propagation }: Partial<OpenTelemetry> = Object(api);
    propagation?.inject(context?.active(), {}, { set });
  } catch {
    // Then the headers count.
  }
  try {
    const headers: object = trace?.traceparent ? {} : Object(given ?? Object(event).headers);
    for (const [name, value] of Object.entries(headers)) set(0, name, value);
  } catch {
    // Not what an HTTP event has.
  }
  return trace;
}
