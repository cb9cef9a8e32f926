import type { Lambda } from '@async-http/emulator';
import { invoke } from './start-functions.ts';

/** Starts an environment of the function, and ends it again. @returns how long its INIT phase took, in ms. */
export async function initDuration(lambda: Lambda): Promise<number> {
  await invoke(lambda, {});
  await lambda.idle();
  const done = lambda.timeline.findLast((event) => event.type === 'init.done');
  await lambda.shutdown();
  if (done?.type !== 'init.done') throw new Error('The INIT phase has not ended.');
  return done.durationMs;
}
