import { setTimeout as sleep } from 'node:timers/promises';
import { StoreFailedError } from '../errors.ts';
import type { OpenStore } from './open-store.ts';
import { describeFailure } from './store-failure.ts';

const TRIES = 3;
const FIRST_PAUSE_MS = 50;

/**
 * Sends a request that a caller waits for: tries three times at most, until the signal fires.
 *
 * @param consequence what follows from a failure, as the end of a sentence
 * @throws {StoreFailedError}
 */
export async function tryStore<T>(
  { table, times }: OpenStore,
  consequence: string,
  signal: AbortSignal,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await request(AbortSignal.any([signal, AbortSignal.timeout(times.tryMs)]));
    } catch (cause) {
      const { reason, advice, isTransient } = describeFailure(cause, table);
      if (!isTransient || tries === TRIES || signal.aborted) {
        throw new StoreFailedError(`${reason}, so ${consequence}.${advice && ` ${advice}`}`, cause);
      }
      const pauseMs = FIRST_PAUSE_MS * 2 ** tries * Math.random();
      // An aborted pause rejects; the next try then ends by itself.
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}
