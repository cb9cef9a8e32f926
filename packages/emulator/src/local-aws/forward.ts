import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Head, HttpAnswer } from '../http/http-answer.ts';
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

/** Sends a request on, and returns the whole answer, for which it waits as long as it takes. */
export async function forward(base: string, request: Forwarded): Promise<HttpAnswer> {
  const response = await send(base, request);
  return { ...headOf(response), body: Buffer.from(await response.body.arrayBuffer()) };
}

/** Sends a request on, and passes the answer on as it comes. */
export async function forwardStream(base: string, request: Forwarded): Promise<HttpAnswer> {
  const response = await send(base, request);
  return { ...headOf(response), body: Buffer.alloc(0), rest: response.body };
}

async function send(
  base: string,
  { method, target, headers, body }: Forwarded,
): Promise<Dispatcher.ResponseData> {
  const { request } = await httpClient();
  return request(`${base}${target}`, {
    method: method as Dispatcher.HttpMethod,
    headers: Object.fromEntries(withoutOwn(headers)),
    body,
    ...WITHOUT_TIME_LIMITS,
  });
}

function headOf({ statusCode, headers }: Dispatcher.ResponseData): Head {
  return {
    statusCode,
    headers: withoutOwn(headers).flatMap(([name, values = []]) =>
      [values].flat().map((value) => [name, value] as const),
    ),
  };
}

function withoutOwn(headers: IncomingHttpHeaders): [string, string | string[] | undefined][] {
  return Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
}
