import type { Lambda } from '@async-http/emulator';
import type { Stand } from '../figure.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { startFunction } from './start-function.ts';
import { startServer } from './start-server.ts';

/** Functions that reply within a span, for the rows of the table. */
export const TRACED = {
  untraced: 'with the layer, a no-op job; OpenTelemetry is not in the function',
  traced:
    'OpenTelemetry in function and handler, every trace sampled, a collector on the same machine',
  unsampled: 'OpenTelemetry in function and handler, no trace sampled',
  alone: 'no layer, no job; OpenTelemetry in the function, every trace sampled',
};

export type Traced = keyof typeof TRACED;

/** Starts all of them. */
export async function startTraced(stand: Stand): Promise<Record<Traced, Lambda>> {
  const code = await bundleFunctions(stand, ['traced.js', 'tracer.cjs', 'background.js']);
  const OTEL_EXPORTER_OTLP_ENDPOINT = await startServer(stand, 'collector.js');
  const tracer = {
    NODE_OPTIONS: '--require /var/task/tracer.js',
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  };
  const ours = { ASYNC_HANDLER: 'background.handler' };
  const start = (name: Traced, layers: string[], environment: Record<string, string>) =>
    startFunction(stand, { name, code, handler: 'traced.handler', layers, environment });
  return {
    untraced: await start('untraced', [stand.layer.zip], ours),
    traced: await start('traced', [stand.layer.zip], { ...ours, ...tracer }),
    unsampled: await start('unsampled', [stand.layer.zip], {
      ...ours,
      ...tracer,
      OTEL_TRACES_SAMPLER: 'always_off',
    }),
    alone: await start('alone', [], { ...tracer, WITHOUT_LAYER: '1' }),
  };
}
