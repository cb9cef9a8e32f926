import type { StoreOfKeys } from '../store/claim-key.ts';

/** A job that has been handed off. */
export interface Appended {
  readonly jobId: string;
  /** Where an engine takes the job: resolves when it has it, and rejects when it has not. */
  readonly accepted: Promise<unknown> | undefined;
  /** Whether it has failed already. */
  hasFailed(): boolean;
}

/** A job that is handed off unless its key stands for another one. */
export interface KeyedHandOff {
  /** Of the state of this environment. */
  readonly folder: string;
  readonly event: unknown;
  readonly store: StoreOfKeys | undefined;
  /** Hands the job off, at once. */
  append(): Appended;
}

/** Made by `jobKey()`. Its methods are for `sendArgs`. */
export interface JobKey {
  /** SHA-256 of the key. */
  readonly hash: string;
  /**
   * @throws {KeyConflictError} when the key stands for a job with another payload
   * @throws {StoreFailedError} when the store could not be asked
   */
  handOff(job: KeyedHandOff): Promise<{ jobId: string; isDuplicate: boolean }>;
}

/**
 * @param key of the options of a hand-off
 * @throws {TypeError} for anything that `jobKey()` has not made
 */
export function checkKey(key: JobKey | undefined): void {
  if (key !== undefined && typeof Object(key).handOff !== 'function') {
    throw new TypeError('key must be made by jobKey("…")');
  }
}
