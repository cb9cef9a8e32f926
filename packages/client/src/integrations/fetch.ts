import { waitUntil } from '@async-http/client';

type Fetch = (request: never, ...rest: never[]) => unknown;

/**
 * Makes `request.waitUntil` work in a fetch handler of srvx, and so `event.waitUntil` of h3 2 and Nitro 3:
 * `toLambdaHandler({ fetch: withRequestWaitUntil(app.fetch) })`. One that is there already stays.
 */
export function withRequestWaitUntil<TFetch extends Fetch>(fetch: TFetch): TFetch {
  const provided = (request: { waitUntil?: unknown }, ...rest: unknown[]) => {
    if (typeof request.waitUntil !== 'function') {
      Object.defineProperty(request, 'waitUntil', { configurable: true, value: waitUntil });
    }
    return (fetch as unknown as (...args: unknown[]) => unknown)(request, ...rest);
  };
  return provided as unknown as TFetch;
}
