import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Lambda, type LambdaOptions, startLambda } from '@async-http/emulator';

export const LAYER = join(import.meta.dirname, '../../layer-builder/dist/layer.zip');

/** A managed runtime, with AWS's own runtime client and its own Node.js. */
export type Runtime = 'nodejs24.x' | 'nodejs22.x' | 'nodejs26.x';
/** Those that every spec is for; `nodejs26.x` is a preview on Lambda. */
export const RUNTIMES: readonly Runtime[] = ['nodejs24.x', 'nodejs22.x'];

/** A function on the emulator with the real layer, under its own name. To be closed by the caller. */
export async function openFunction({
  environment = {},
  timeoutMs = 10_000,
  layers = [LAYER],
  cpuCores,
  ...options
}: LambdaOptions & { runtime: Runtime }): Promise<Lambda> {
  if (!existsSync(LAYER)) throw new Error('The layer is missing. Run: pnpm build');
  return startLambda({
    // Processes are found by it.
    name: `e2e-${randomUUID().slice(0, 8)}`,
    environment,
    timeoutMs,
    layers,
    // On Lambda, 1,769 MB come with the whole core that it has here.
    memoryMiB: Math.max(128, Math.round(1_769 * (typeof cpuCores === 'number' ? cpuCores : 1))),
    ...(cpuCores !== undefined && { cpuCores }),
    nodePath: nodeOf(options.runtime),
    ...options,
  });
}

/** Node.js 22 and 26 come from packages, 24 is what runs this. */
function nodeOf(runtime: Runtime): string {
  if (runtime === 'nodejs24.x') return process.execPath;
  const major = runtime.replace(/\D/g, '');
  return createRequire(import.meta.url).resolve(`node-${major}-linux-x64/bin/node`);
}
