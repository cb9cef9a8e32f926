import { beginRequest } from '@async-http/client';

/**
 * A middy middleware that makes the request and its deadline known to `waitUntil`, as `withWaitUntil` does.
 * Put it first. It has no `after` hook, on purpose: that one runs before the reply, in reverse order, and not at
 * all when a `before` hook replies early; the end is seen where it happens, in the runtime.
 */
export function waitUntilMiddleware(): { before(request: { context: object }): void } {
  return { before: ({ context }) => void beginRequest(context) };
}
