/** What may be registered as a provider of spans, metrics or log records. */
interface Provider {
  forceFlush?(): Promise<void>;
  getDelegate?(): Provider;
  _getDelegate?(): Provider;
}

/**
 * Has what the user's code has registered with OpenTelemetry export all that it holds: spans, metrics and log records.
 *
 * @throws what an exporter throws, or when it takes longer
 */
export async function flushTelemetry(limitMs: number): Promise<void> {
  const flushed = Promise.all(providers().map(async (provider) => provider?.forceFlush?.()));
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLong.reject(new Error(`it takes longer than ${Math.round(limitMs)} ms`)),
    limitMs,
  );
  await Promise.race([flushed, tooLong.promise]).finally(() => clearTimeout(timer));
}

function providers(): (Provider | undefined)[] {
  const globals = globalThis as Record<symbol, unknown>;
  const { trace, metrics, logs } = Object(globals[Symbol.for('opentelemetry.js.api.1')]);
  // Before version 1.10 of the API, log records had a separate one.
  const logsOfOldApi = globals[Symbol.for('io.opentelemetry.js.api.logs')];
  const oldLogs = typeof logsOfOldApi === 'function' ? logsOfOldApi(1) : undefined;
  // What is registered may only stand for it.
  return [trace, metrics, logs, oldLogs].map(
    (registered?: Provider) =>
      registered?.getDelegate?.() ?? registered?._getDelegate?.() ?? registered,
  );
}
