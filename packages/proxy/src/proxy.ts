import { createClient } from '@async-http/client';
import { buildProxy, type ProxyHandler, type ProxyOptions } from './build-proxy.ts';
import { readCustomResponse, withJobId } from './custom-response.ts';

// Only this file and consumer.ts touch `process` and `console`.
const client = createClient(process.env);
const custom = readCustomResponse(process.env.CUSTOM_RES);
// biome-ignore lint/suspicious/noConsole: the runtime gives the line the level and the format of the function's log.
if (custom.warning !== undefined) console.warn(custom.warning);

/**
 * Makes a Lambda handler that hands its event off to `ASYNC_HANDLER` and then replies.
 *
 * If the hand-off fails, the handler throws the error of `sendArgs`, so that Lambda counts an error and
 * the caller gets a 5xx. If `response` throws, the caller gets a 5xx as well, but the job runs.
 */
export function createProxy<TEvent = unknown>(
  options: ProxyOptions<TEvent> = {},
): ProxyHandler<TEvent> {
  return buildProxy(client, { response: custom.response, ...options });
}

/** The proxy without options: hands the event off and answers `CUSTOM_RES`, with the job's id in a header. */
export const handler: ProxyHandler = createProxy({
  response: (_event, _context, { jobId }) => withJobId(custom.response, jobId),
});
