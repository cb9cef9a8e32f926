import { setTimeout as delay } from 'node:timers/promises';
import type { InvokeOptions, InvokeResult, Lambda } from '../lambda-types.ts';
import { MAX_TIMER_MS } from '../max-timer.ts';

export interface InvokeWithinOptions {
  readonly event: unknown;
  readonly traceId: string;
  /** How long to wait for the response; `Infinity` when only the function's own timeout counts. */
  readonly timeoutMs: number;
  /** As for `invoke()`. */
  readonly onChunk?: InvokeOptions['onChunk'];
}

/**
 * Invokes a function and waits for its response; after the timeout, which is `undefined`, the function keeps
 * running.
 */
export async function invokeWithin(
  lambda: Lambda,
  { event, traceId, timeoutMs, onChunk }: InvokeWithinOptions,
): Promise<InvokeResult | undefined> {
  const timer = new AbortController();
  const invoke = lambda.invoke(event, { traceId, onChunk });
  try {
    return await Promise.race([invoke, ...timeout(timeoutMs, timer.signal)]);
  } finally {
    timer.abort();
    // After a timeout nobody waits for the invoke any more.
    invoke.catch(() => undefined);
  }
}

function timeout(ms: number, signal: AbortSignal): Promise<undefined>[] {
  return Number.isFinite(ms) ? [delay(Math.min(ms, MAX_TIMER_MS), undefined, { signal })] : [];
}
