import { createClient, type HandedOff, type SendArgsOptions } from './client.ts';
import type { LambdaContext } from './lambda-context.ts';

// At the first import, which is while the function starts. "Pure" is for bundlers: a function that imports something
// else only does not need it.
const start = () => createClient(process.env);
const client = /* @__PURE__ */ start();

/**
 * Hands a job to the async-http extension: the background handler named by `ASYNC_HANDLER` will run with
 * this event, after the function has replied. Await it before replying.
 *
 * Checks first: nothing is sent unless the schema (if any) accepts the event, the event can be written as
 * JSON, and the context is one of Lambda's. It does not wait, except for the queue that `ASYNC_HTTP_DELIVERY` names (15 s at
 * most) and, with a key, for the table that `ASYNC_HTTP_STORE` names (3 s at most, more at less than a core). Both waits end
 * before the request's time does.
 *
 * @returns the id of the accepted job, `<awsRequestId>.<n>`; the environment now stays awake for it. With a `key` that
 * stands for a job already, that one's id and `isDuplicate`: nothing was started.
 * @throws an error whose `code` is `ASYNC_HTTP_PAYLOAD_INVALID`, `ASYNC_HTTP_PAYLOAD_TOO_LARGE`,
 * `ASYNC_HTTP_EXTENSION_UNREACHABLE`, `ASYNC_HTTP_HANDLER_UNAVAILABLE`, `ASYNC_HTTP_JOURNAL_UNWRITABLE`,
 * `ASYNC_HTTP_KEY_INVALID`, `ASYNC_HTTP_KEY_CONFLICT`, `ASYNC_HTTP_STORE_FAILED`,
 * `ASYNC_HTTP_SHUTTING_DOWN`, `ASYNC_HTTP_TOO_LATE`, `ASYNC_HTTP_DELIVERY_FAILED` or `ASYNC_HTTP_VERSION_MISMATCH`. Match the code, not the class: a
 * process can hold several copies of this package.
 */
export function sendArgs(
  event: unknown,
  context: LambdaContext,
  options?: SendArgsOptions,
): Promise<HandedOff> {
  return client.handOff(event, context, options);
}
