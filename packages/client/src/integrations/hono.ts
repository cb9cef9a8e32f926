import { waitUntil } from '@async-http/client';

interface App {
  fetch(request: Request, ...rest: never[]): unknown;
}

/** What `c.executionCtx` is, as on Cloudflare Workers. */
const executionContext = {
  waitUntil,
  passThroughOnException() {}, // There is no origin server behind a Lambda function to pass through to.
  props: {},
};

/**
 * Makes `c.executionCtx.waitUntil` work where the adapter brings none: `handle(withExecutionContext(app))` with
 * `handle` of `hono/aws-lambda`, where it throws otherwise.
 *
 * @returns the app with another `fetch`; the one passed in is not changed
 */
export function withExecutionContext<TApp extends App>(app: TApp): TApp {
  const fetch = (request: Request, env?: unknown, context: unknown = executionContext) =>
    (app.fetch as (...args: unknown[]) => unknown)(request, env, context);
  return Object.create(app, { fetch: { value: fetch } });
}
