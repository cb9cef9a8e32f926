import type { KeyOwner } from '../protocol/key-claim.ts';
import { openStore } from './open-store.ts';
import { tryStore } from './try-store.ts';

/** The table in which keys are kept for all environments of a function. */
export interface StoreOfKeys {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The id that the job will have. */
  readonly jobId: string;
  /** When a job that has not ended has died with its environment. */
  readonly openUntilMs: number;
  /** How long the caller can wait. */
  readonly limitMs: number;
}

interface Key {
  readonly hash: string;
  readonly payloadHash: string;
  readonly expiresAtMs: number;
}

/** A key in the store, which all environments of the function share. */
interface KeyInStore {
  /**
   * @returns the job that the key stands for already
   * @throws {StoreFailedError}
   */
  claim(): Promise<KeyOwner | undefined>;
  /** The job was not accepted. Never rejects. */
  release(): Promise<void>;
}

const LONGEST_CLAIM_MS = 3_000;
/** Somebody waits for the error. */
const LONGEST_RELEASE_MS = 1_000;

/** @throws {StoreFailedError} when `ASYNC_HTTP_STORE` names no table */
export function keyInStore(
  { hash: keyHash, payloadHash, expiresAtMs }: Key,
  { env, jobId, openUntilMs, limitMs }: StoreOfKeys,
): KeyInStore {
  const consequence = 'no job was started';
  const { store, table } = openStore(env, consequence);
  return {
    claim: () =>
      tryStore(
        table,
        consequence,
        AbortSignal.timeout(Math.max(0, Math.min(limitMs, LONGEST_CLAIM_MS))),
        (signal) =>
          store.claimKey({ keyHash, jobId, payloadHash, openUntilMs, expiresAtMs }, signal),
      ),
    async release() {
      // If it fails, the key is free when the job would have had to end.
      const signal = AbortSignal.timeout(LONGEST_RELEASE_MS);
      await store.releaseKey(keyHash, jobId, signal).catch(() => {});
    },
  };
}
