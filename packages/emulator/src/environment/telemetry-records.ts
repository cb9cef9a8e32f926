import { type Fault, statusOf } from '../parties/fault.ts';
import type { Invocation } from '../parties/invocation.ts';

/** Parts of the records of the Telemetry API's events (Telemetry API schema reference). */

/** `status`, and `errorType` unless time was up. */
export function outcome(fault: Fault | undefined): {
  status: 'success' | 'error' | 'failure' | 'timeout';
  errorType?: string;
} {
  if (!fault) return { status: 'success' };
  const status = statusOf(fault);
  return status === 'timeout' ? { status } : { status, errorType: fault.errorType };
}

/** Where the time went in the runtime; empty when it has not answered. */
export function responseSpans({ times }: Invocation, now: number): object[] {
  const { deliveredAt, responseStartedAt, responseEndedAt } = times;
  if (!deliveredAt || !responseStartedAt || !responseEndedAt) return [];
  return [
    span('responseLatency', deliveredAt, responseStartedAt),
    span('responseDuration', responseStartedAt, responseEndedAt),
    span('runtimeOverhead', responseEndedAt, now),
  ];
}

/** From two instants of `performance.now()`. */
export function span(name: string, from: number, to: number): object {
  const start = new Date(Date.now() - (performance.now() - from)).toISOString();
  return { name, start, durationMs: round(to - from) };
}

/** What says to whom an event belongs. */
export function context({ traceId, tenantId }: Invocation): object {
  const spanId = /Parent=(\w+)/.exec(traceId)?.[1];
  return {
    tracing: { ...(spanId && { spanId }), type: 'X-Amzn-Trace-Id', value: traceId },
    ...(tenantId && { tenantId }),
  };
}

/** Telemetry gives microseconds. */
export function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** With JSON logs, a record is an object where the line is one. */
export function objectOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : line;
  } catch {
    return line;
  }
}
