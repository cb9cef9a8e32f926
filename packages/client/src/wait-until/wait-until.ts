import { isThenable } from '../is-thenable.ts';
import { background } from './background.ts';

/** A promise, or a function that returns one and is called when the reply is out. */
export type Work = PromiseLike<unknown> | (() => PromiseLike<unknown>);

// At the first import, which is while the function starts: then the runtime can be watched from its first request on.
const start = () => background(process.env);
const all = /* @__PURE__ */ start();

/**
 * Keeps the environment awake until the promise has settled, also after the function has replied, at most
 * until shortly before the function's deadline. Returns at once, and never rejects: a rejection is logged at
 * ERROR with the request's id.
 *
 * A function is called when the reply is out, so that its work does not delay it.
 *
 * On Lambda it takes the async-http layer or `@async-http/client/register`; without either it runs the work
 * and logs `ASYNC_HTTP_NO_HOLD` once. Elsewhere it runs the work.
 *
 * @throws {TypeError} when `work` is neither a promise nor a function.
 */
export function waitUntil(work: Work): void {
  const origin: { stack?: string } = {};
  Error.captureStackTrace(origin, waitUntil);
  if (typeof work === 'function') all.waitLater(work, origin);
  else if (isThenable(work)) all.wait(work, origin);
  else {
    throw new TypeError(
      `waitUntil takes a promise, or a function that returns one, but got ${typeof work}. Call the async function: waitUntil(track(event)).`,
    );
  }
}

/**
 * Until when the work of the current request can be waited for.
 *
 * @returns wall-clock ms since the epoch, or `undefined` where it is not known: outside Lambda, or, with
 * the layer, before the first `waitUntil` of a request whose handler is not wrapped in `withWaitUntil`.
 */
export function getDeadline(): number | undefined {
  return all.deadlineMs;
}
