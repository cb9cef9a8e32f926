import { createClient } from '@async-http/client';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { buildProxy, type ProxyHandler, type ProxyOptions } from './build-proxy.ts';
import { readCustomResponse, withJobId } from './custom-response.ts';
import type { HttpEvent, RawHttpEvent } from './http-event.ts';

// Only this file and consumer.ts touch `process` and `console`.
const client = createClient(process.env);
const custom = readCustomResponse(process.env.CUSTOM_RES);
// biome-ignore lint/suspicious/noConsole: the runtime gives the line the level and the format of the function's log.
if (custom.warning !== undefined) console.warn(custom.warning);

/**
 * Makes a Lambda handler that hands its event off to `ASYNC_HANDLER` and then replies.
 *
 * With `body` or `schema`, an HTTP request that they refuse is answered 400 with
 * `{ message, issues: [{ path, message }] }` as JSON, and nothing is handed off.
 *
 * If the hand-off fails, the handler throws the error of `sendArgs`, so that Lambda counts an error and
 * the caller gets a 5xx. If `response` throws, the caller gets a 5xx as well, but the job runs.
 *
 * @throws {TypeError} when `body` or `schema` is not a Standard Schema
 */
export function createProxy<
  TBody extends StandardSchemaV1,
  TJob extends { readonly body: StandardSchemaV1.InferOutput<TBody> } = HttpEvent<
    StandardSchemaV1.InferOutput<TBody>
  >,
>(
  options: ProxyOptions<TJob> & { readonly body: TBody; readonly schema?: undefined },
): ProxyHandler<RawHttpEvent, TJob>;
export function createProxy<TSchema extends StandardSchemaV1>(
  options: ProxyOptions<StandardSchemaV1.InferOutput<TSchema>> & { readonly schema: TSchema },
): ProxyHandler<unknown, StandardSchemaV1.InferOutput<TSchema>>;
export function createProxy<TEvent = unknown>(
  options?: ProxyOptions<TEvent> & { readonly body?: undefined; readonly schema?: undefined },
): ProxyHandler<TEvent>;
export function createProxy(options: ProxyOptions<never> = {}): ProxyHandler<never, unknown> {
  return buildProxy(client, { response: custom.response, ...options });
}

/**
 * The proxy without options: hands the event off and answers `CUSTOM_RES`, with the job's id in the header
 * `async-http-job-id`, and with `ASYNC_HTTP_STATUS_PATH` (such as `/jobs`) the path of its state in `location`.
 */
export const handler: ProxyHandler = createProxy({
  response: (_event, _context, { jobId }) =>
    withJobId(custom.response, jobId, process.env.ASYNC_HTTP_STATUS_PATH),
});
