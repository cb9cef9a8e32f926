import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Head, HttpAnswer } from '../http/http-answer.ts';

/** A request that is passed to another server on this machine. */
export interface Forwarded {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

// They concern the connection to this server, or the body as it came.
const OWN_HEADERS = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding'];

/** Sends a request on, and returns the whole answer. */
export async function forward(base: string, request: Forwarded): Promise<HttpAnswer> {
  const response = await send(base, request);
  return { ...headOf(response), body: await buffer(response) };
}

/** Sends a request on, and passes the answer on as it comes. */
export async function forwardStream(base: string, request: Forwarded): Promise<HttpAnswer> {
  const rest = await send(base, request);
  return { ...headOf(rest), body: Buffer.alloc(0), rest };
}

async function send(
  base: string,
  { method, target, headers, body }: Forwarded,
): Promise<IncomingMessage> {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(`${base}${target}`, {
    method,
    headers: { ...Object.fromEntries(kept), 'content-length': body.length },
    agent: false,
  });
  sent.once('response', resolve).once('error', reject).end(body);
  return promise;
}

function headOf({ statusCode = 500, headersDistinct }: IncomingMessage): Head {
  const answered = Object.entries(headersDistinct).filter(([name]) => !OWN_HEADERS.includes(name));
  return {
    statusCode,
    headers: answered.flatMap(([name, values = []]) =>
      values.map((value) => [name, value] as const),
    ),
  };
}
