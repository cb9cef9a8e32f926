import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { WITHOUT_TIME_LIMITS } from '../src/http-client.ts';
import type { Answer } from './match.ts';
import type { Call } from './rule.ts';

/** As RFC 6761 has it; the resolvers of many machines do not know names below `localhost`. */
const resolveLocalhost: LookupFunction = (host, options, callback) =>
  lookup(host.endsWith('.localhost') ? 'localhost' : host, options, callback);

/** Waits as long as the other side does; a connection per call, as each may end an environment. */
const dispatcher = new Agent({
  pipelining: 0,
  ...WITHOUT_TIME_LIMITS,
  connect: { lookup: resolveLocalhost },
});

/** Sends one call to the endpoint. @throws what undici throws when nobody answers. */
export async function send(
  base: string,
  { to, headers = {}, body, hostLabel }: Call,
  signal?: AbortSignal,
): Promise<Answer> {
  const [method = '', path = ''] = to.split(' ');
  const url = new URL(base + path);
  if (hostLabel !== undefined) url.hostname = url.hostname.replace(/^[^.]+/, hostLabel);
  const {
    statusCode,
    headers: answered,
    body: content,
  } = await request(url, {
    dispatcher,
    method: method as 'GET',
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  return { status: statusCode, headers: answered, text: await content.text() };
}
