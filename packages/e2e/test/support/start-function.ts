import { join } from 'node:path';
import type { Lambda, LambdaOptions } from '@async-http/emulator';
import { isWhole } from '@async-http/test-support';
import { onTestFinished } from 'vitest';
import { openFunction, RUNTIMES, type Runtime } from '../../src/open-function.ts';
import type { WhenOver } from './shared.ts';

export { LAYER, RUNTIMES, type Runtime } from '../../src/open-function.ts';
/** For specs that one Node.js version has to be enough for, because their environments take long to start. */
export const ONE_RUNTIME: readonly Runtime[] = isWhole ? RUNTIMES : RUNTIMES.slice(0, 1);
export const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

/** A function on the emulator with the real layer; gone when the test has finished. */
export async function startFunction(
  {
    handler = 'function.handOff',
    code = fixture('app'),
    ...options
  }: Partial<LambdaOptions> & { runtime: Runtime },
  whenOver: WhenOver = onTestFinished,
): Promise<Lambda> {
  const lambda = await openFunction({ handler, code, ...options });
  whenOver(() => lambda.close());
  return lambda;
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
