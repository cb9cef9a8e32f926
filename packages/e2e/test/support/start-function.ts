import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Lambda, type LambdaOptions, startLambda } from '@async-http/emulator';
import { onTestFinished } from 'vitest';

export const LAYER = join(import.meta.dirname, '../../../layer-builder/dist/layer.zip');
export const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

/** Both runtimes that Lambda offers, each with AWS's own runtime client and its own Node.js. */
export const RUNTIMES = ['nodejs24.x', 'nodejs22.x'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** A function on the emulator with the real layer; gone when the test has finished. */
export async function startFunction({
  handler = 'function.handOff',
  code = fixture('app'),
  environment = {},
  timeoutMs = 10_000,
  layers = [LAYER],
  ...options
}: Partial<LambdaOptions> & { runtime: Runtime }): Promise<Lambda> {
  if (!existsSync(LAYER)) throw new Error('The layer is missing. Run: pnpm build');
  const lambda = await startLambda({
    handler,
    code,
    environment,
    timeoutMs,
    layers,
    nodePath: nodeOf(options.runtime),
    ...options,
  });
  onTestFinished(() => lambda.close());
  return lambda;
}

/** Node.js 22 comes from a package, 24 is what runs the tests. */
function nodeOf(runtime: Runtime): string {
  if (runtime === 'nodejs24.x') return process.execPath;
  return createRequire(import.meta.url).resolve('node-22-linux-x64/bin/node');
}

/** What the caller of the function sees. */
export async function invoke(lambda: Lambda, event: unknown = {}) {
  const { payload, functionError, requestId } = await lambda.invoke(event);
  return { requestId, functionError, reply: JSON.parse(payload.toString()) };
}

/** Every log line that contains `text`, without its timestamp. */
export function linesWith(lambda: Lambda, text: string | RegExp): string[] {
  return lambda.logs.map(({ line }) => line).filter((line) => line.match(text));
}

/**
 * The timeline as names, of one request, as far as the promises are about it. When a job starts is
 * not among them: that may be before the response is out or after it.
 */
export function story(lambda: Lambda, requestId: string): string[] {
  const told = ['response', 'extension.next', 'invoke.end', 'frozen', 'timeout', 'crash'];
  return lambda.timeline
    .filter((event) => event.requestId === requestId || event.type === 'frozen')
    .map((event) =>
      event.type === 'log' && event.line.includes('job says')
        ? event.line.replace(/^.*job says /s, 'job: ').trim()
        : event.type,
    )
    .filter((name) => told.includes(name) || (name.startsWith('job: ') && name !== 'job: started'));
}
