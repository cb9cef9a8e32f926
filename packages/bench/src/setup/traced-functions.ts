import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lambda } from '@async-http/emulator';
import { build } from 'esbuild';
import type { Stand } from '../figure.ts';
import { FUNCTION_FOLDER } from './function-folder.ts';
import { programPath } from './socket-peer.ts';
import { startFunction } from './start-function.ts';

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
  const code = await bundle(stand);
  const OTEL_EXPORTER_OTLP_ENDPOINT = await startCollector(stand);
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

async function bundle(stand: Stand): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-traced-'));
  stand.onEnd(() => rmSync(folder, { recursive: true }));
  await build({
    entryPoints: ['traced.js', 'tracer.cjs', 'background.js'].map((name) =>
      join(FUNCTION_FOLDER, name),
    ),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
  });
  writeFileSync(join(folder, 'package.json'), '{}');
  return folder;
}

/** @returns its address */
async function startCollector({ onEnd }: Stand): Promise<string> {
  const collector = fork(programPath('collector.js'), { execArgv: [] });
  onEnd(() => collector.kill('SIGKILL'));
  const [endpoint] = (await once(collector, 'message')) as [string];
  return endpoint;
}
