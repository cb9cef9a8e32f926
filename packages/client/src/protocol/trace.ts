/** Where a job belongs in a distributed trace, as HTTP headers say it: W3C Trace Context and Baggage. */
export interface Trace {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  readonly baggage?: string | undefined;
}

/** What the two standards demand of a receiver; longer values are dropped, because a queue takes no job of any size. */
const FORMS = {
  traceparent: /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/,
  tracestate: /^[ -~]{1,512}$/,
  baggage: /^[ -~]{1,8192}$/,
};

/**
 * Takes the three headers out of an object, in any letter case. What is malformed is left out, and so is a
 * `tracestate` alone.
 *
 * @returns undefined when nothing is left
 */
export function readTrace(carrier: unknown): Trace | undefined {
  const trace: { -readonly [Name in keyof Trace]: string } = {};
  for (const [key, value] of Object.entries(Object(carrier))) {
    const name = key.toLowerCase() as keyof Trace;
    if (Object.hasOwn(FORMS, name) && typeof value === 'string' && FORMS[name].test(value)) {
      trace[name] = value;
    }
  }
  if (trace.traceparent === undefined) delete trace.tracestate;
  return Object.keys(trace).length > 0 ? trace : undefined;
}
