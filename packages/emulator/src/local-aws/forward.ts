import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { HttpAnswer } from '../http/http-answer.ts';
import { httpClient, WITHOUT_TIME_LIMITS } from '../http-client.ts';

/** A request that is passed to another server on this machine. */
export interface Forwarded {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

// They concern the connection to this server, or the body as it came.
const OWN_HEADERS = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding'];

/** Sends a request on, and returns the answer, for which it waits as long as it takes. */
export async function forward(
  base: string,
  { method, target, headers, body }: Forwarded,
): Promise<HttpAnswer> {
  const { request } = await httpClient();
  const response = await request(`${base}${target}`, {
    method: method as Dispatcher.HttpMethod,
    headers: Object.fromEntries(withoutOwn(headers)),
    body,
    ...WITHOUT_TIME_LIMITS,
  });
  return {
    statusCode: response.statusCode,
    headers: withoutOwn(response.headers).flatMap(([name, values = []]) =>
      [values].flat().map((value) => [name, value] as const),
    ),
    body: Buffer.from(await response.body.arrayBuffer()),
  };
}

function withoutOwn(headers: IncomingHttpHeaders): [string, string | string[] | undefined][] {
  return Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
}
