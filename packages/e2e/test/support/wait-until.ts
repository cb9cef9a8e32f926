import type { Lambda } from '@async-http/emulator';
import { onTestFinished } from 'vitest';
import { installClient } from './install-client.ts';
import type { WhenOver } from './shared.ts';
import { fixture, LAYER, type Runtime, startFunction } from './start-function.ts';

/** How the environment is held. The function is the same, and so is what it imports from. */
export const MODES = {
  layer: { layers: [LAYER] },
  'npm alone, imported': { layers: [], file: 'registered' },
  'npm alone, NODE_OPTIONS': {
    layers: [],
    environment: { NODE_OPTIONS: '--import @async-http/client/register' },
  },
  neither: { layers: [] },
} satisfies Record<string, Partial<ModeOptions>>;

export type Mode = keyof typeof MODES;

interface ModeOptions {
  readonly layers: string[];
  /** File with the handler. */
  readonly file: string;
  readonly environment: Record<string, string>;
}

interface Options {
  readonly runtime: Runtime;
  readonly mode: Mode;
  readonly modules?: 'cjs' | 'esm';
  /** Export that is the handler. */
  readonly handler?: string;
  readonly timeoutMs?: number;
  readonly trackUnfinished?: boolean;
  readonly environment?: Record<string, string>;
  readonly layers?: string[];
}

/** The function of `fixtures/wait-until/`, with `@async-http/client` installed from npm beside it. */
export function startWaiting(
  { runtime, mode, modules = 'esm', ...options }: Options,
  whenOver: WhenOver = onTestFinished,
) {
  const { layers, file = 'function', environment }: Partial<ModeOptions> = MODES[mode];
  return startFunction(
    {
      runtime,
      code: installClient(fixture(`wait-until/${modules}`), whenOver),
      handler: `${file}.${options.handler ?? 'handler'}`,
      // A hold that waited for the timeout would outlast the test.
      timeoutMs: options.timeoutMs ?? 60_000,
      trackUnfinished: options.trackUnfinished ?? false,
      environment: { ...environment, ...options.environment },
      layers: options.layers ?? layers ?? [],
    },
    whenOver,
  );
}

/** What happened in one request, as far as the promises of `waitUntil` are about it. */
export function story(lambda: Lambda, requestId: string): string[] {
  const told = ['response', 'extension.next', 'invoke.end', 'timeout', 'crash'];
  return lambda.timeline
    .filter((event) => event.requestId === requestId)
    .map((event) => (event.type === 'log' ? workIn(event.line) : event.type))
    .filter((name) => told.includes(name) || name.startsWith('work: '));
}

function workIn(line: string): string {
  return line.replace(/^.*work says /s, 'work: ').trim();
}

/** Time from the reply to the end of the hold. */
export function tailMs(lambda: Lambda, requestId: string): number {
  for (const event of lambda.timeline) {
    if (event.type === 'invoke.end' && event.requestId === requestId) return event.tailMs;
  }
  throw new Error(`Request ${requestId} has not ended.`);
}
