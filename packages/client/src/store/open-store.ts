import { StoreFailedError } from '../errors.ts';
import { parseStore } from '../protocol/store-target.ts';
import { Store } from './store.ts';
import { type StoreTimes, storeTimes } from './store-times.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A store, the name of its table for messages, and how long it may take. */
export interface OpenStore {
  readonly store: Store;
  readonly table: string;
  readonly times: StoreTimes;
}

/**
 * @param consequence what follows when that cannot be done, as the end of a sentence
 * @throws {StoreFailedError} when `ASYNC_HTTP_STORE` is not set, or no table
 */
export function openStore(env: Environment, consequence: string): OpenStore {
  try {
    const { ASYNC_HTTP_STORE: value } = env;
    if (!value) throw new Error('is not set');
    const target = parseStore(value);
    return { store: new Store(target, env), table: target.table, times: storeTimes(env) };
  } catch (cause) {
    const { message } = cause as Error;
    throw new StoreFailedError(`ASYNC_HTTP_STORE ${message}, so ${consequence}`, cause);
  }
}
