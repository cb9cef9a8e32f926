import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from './backoff.ts';
import type { DestinationError } from './destination-error.ts';

/** A rescue may have only some 100 ms, so the first repetition comes soon. */
const BACKOFF = { baseMs: 50, ceilingMs: 5_000 };

/** A service that accepts the connection and does not answer must leave time for another try. */
const TRY_TIMEOUT_MS = 10_000;

/** A missing permission or queue may be seconds old; longer waiting would be billed for nothing. */
const TRIES_OF_PERMANENT_FAILURES = 2;

/**
 * Tries until it succeeds, until it is clear that it will not, or until the signal fires or no try is left. It settles
 * in each case, at once after the signal, whatever the client does.
 *
 * @throws {DestinationError} the last failure
 */
export async function sendUntil(
  {
    signal,
    tries: maxTries = Number.POSITIVE_INFINITY,
  }: { readonly signal: AbortSignal; readonly tries?: number | undefined },
  tryOnce: (abortSignal: AbortSignal) => Promise<void>,
  classify: (cause: unknown) => DestinationError,
): Promise<void> {
  let failure: DestinationError | undefined;
  for (let tries = 1; !signal.aborted; tries += 1) {
    const tryTimeout = AbortSignal.timeout(TRY_TIMEOUT_MS);
    try {
      return await unlessAborted(AbortSignal.any([signal, tryTimeout]), tryOnce);
    } catch (error) {
      // What went wrong before says more than that the time is over.
      if (!signal.aborted)
        failure = classify(tryTimeout.aborted ? noAnswer(TRY_TIMEOUT_MS) : error);
      else break;
    }
    const most = failure.isPermanent ? TRIES_OF_PERMANENT_FAILURES : maxTries;
    if (tries >= Math.min(most, maxTries)) throw failure;
    // An aborted sleep rejects; the loop then ends by itself.
    await sleep(backoffMs(tries, BACKOFF, Math.random()), undefined, { signal }).catch(() => {});
  }
  throw failure ?? classify(outOfTime());
}

function unlessAborted(
  signal: AbortSignal,
  tryOnce: (abortSignal: AbortSignal) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    // A client looks at its signal between its steps only, and some of them can hang.
    tryOnce(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function noAnswer(afterMs: number): Error {
  return Object.assign(new Error(`no answer within ${afterMs} ms`), { name: 'TimeoutError' });
}

function outOfTime(): Error {
  return Object.assign(new Error('no answer before the time for it was over'), {
    name: 'TimeoutError',
  });
}
