import type { KeyOwner } from '../protocol/key-claim.ts';
import { openStore } from './open-store.ts';
import { tryStore } from './try-store.ts';

/** The table in which keys are kept for all environments of a function. */
export interface StoreOfKeys {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The id that the job will have. */
  readonly jobId: string;
  /** After this time, a job that has not ended has died with its environment. */
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

/** Each is a connection. Thousands at once would all be late, and a function has 1,024 files. */
const AT_ONCE = 32;

let open = 0;
const waiting: (() => void)[] = [];
/** When the store has last answered a claim. */
let answeredAtMs = 0;

async function inTurn<T>(act: () => Promise<T>): Promise<T> {
  if (open >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else open += 1;
  try {
    return await act();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else open -= 1;
  }
}

/** @throws {StoreFailedError} when `ASYNC_HTTP_STORE` names no table */
export function keyInStore(
  { hash: keyHash, payloadHash, expiresAtMs }: Key,
  { env, jobId, openUntilMs, limitMs }: StoreOfKeys,
): KeyInStore {
  const consequence = 'no job was started';
  const opened = openStore(env, consequence);
  const { store, times } = opened;
  const endsAtMs = Date.now() + limitMs;
  const within = (ms: number) => {
    const leftMs = Math.floor(Math.min(endsAtMs - Date.now(), ms));
    return leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort();
  };
  async function release(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    // If it fails, the key is free when the job would have had to end.
    await store.releaseKey(keyHash, jobId, signal).catch(() => {});
  }

  return {
    async claim() {
      const beganAtMs = Date.now();
      let wasSent = false;
      try {
        return await inTurn(async () => {
          // With thousands waiting, its turn comes late. If nothing was answered meanwhile, it would fail too.
          const isDown = Date.now() - Math.max(beganAtMs, answeredAtMs) > times.outageMs;
          const signal = isDown ? AbortSignal.abort() : within(times.waitMs);
          wasSent = !signal.aborted;
          const owner = await tryStore(opened, consequence, signal, (each) =>
            store.claimKey({ keyHash, jobId, payloadHash, openUntilMs, expiresAtMs }, each),
          );
          answeredAtMs = Date.now();
          return owner;
        });
      } catch (error) {
        // The key may be claimed although the answer was lost. Then a repeated request would get the id of a job that
        // was never started.
        const inTime = within(times.tryMs);
        if (wasSent) await inTurn(() => release(inTime));
        throw error;
      }
    },
    release: () => release(within(times.tryMs)),
  };
}
