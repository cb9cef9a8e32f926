import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { HttpAnswer } from '../http/http-answer.ts';

/** A request that is passed to another server on this machine. */
export interface Forwarded {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

// They concern the connection to this server, or the body as it came.
const OWN_HEADERS = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding'];

/** Sends a request on, and returns the answer. */
export async function forward(
  base: string,
  { method, target, headers, body }: Forwarded,
): Promise<HttpAnswer> {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(`${base}${target}`, {
    method,
    headers: { ...Object.fromEntries(kept), 'content-length': body.length },
    agent: false,
  });
  sent.once('response', resolve).once('error', reject).end(body);
  const response = await promise;
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const answered = Object.entries(response.headersDistinct).filter(
    ([name]) => !OWN_HEADERS.includes(name),
  );
  return {
    statusCode: response.statusCode ?? 500,
    headers: answered.flatMap(([name, values = []]) =>
      values.map((value) => [name, value] as const),
    ),
    body: Buffer.concat(chunks),
  };
}
