import { describe, expect, it } from 'vitest';
import type { Cors } from '../../src/project/project.ts';
import { startApi } from '../http/start-api.ts';
import { type CallOptions, call } from '../support/call.ts';

const PAGE = 'https://www.example.com';

const CORS: Cors = {
  allowOrigins: [PAGE, 'http://*'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization'],
  exposeHeaders: ['x-api-id'],
  allowCredentials: true,
  maxAge: 300,
};

/** The status and the CORS headers of an answer. */
async function send(
  method: string,
  headers: Record<string, string>,
  {
    cors = CORS,
    path = '/',
    body,
  }: { cors?: Cors; path?: string; body?: CallOptions['body'] } = {},
) {
  const { port } = await startApi({ routes: { 'POST /': 'returns' }, api: { cors } });
  const answer = await call(`127.0.0.1:${port}`, method, path, { headers, body });
  const prefix = 'access-control-';
  return {
    status: answer.status,
    ...Object.fromEntries(
      Object.entries(answer.headers)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    ),
  };
}

const preflight = (origin: string) => ({ origin, 'access-control-request-method': 'POST' });
const OF_ORIGIN = {
  'allow-origin': PAGE,
  'allow-credentials': 'true',
  'expose-headers': 'x-api-id',
};

describe('HTTP API, CORS: API Gateway guide, "Configure CORS for HTTP APIs"', () => {
  it('answers a preflight request, even without an OPTIONS route', async () => {
    expect(await send('OPTIONS', preflight(PAGE))).toEqual({
      status: 204,
      ...OF_ORIGIN,
      'allow-methods': 'GET,POST',
      'allow-headers': 'authorization',
      'max-age': '300',
    });
  });

  it('allows origins that begin as listed', async () => {
    expect(await send('OPTIONS', preflight('http://anywhere.example'))).toMatchObject({
      'allow-origin': 'http://anywhere.example',
    });
  });

  it('says * where every origin is allowed', async () => {
    const cors = { allowOrigins: ['*'] };
    expect(await send('OPTIONS', preflight(PAGE), { cors })).toEqual({
      status: 204,
      'allow-origin': '*',
    });
  });

  it('gives another origin no headers', async () => {
    expect(await send('OPTIONS', preflight('https://evil.example'))).toEqual({ status: 204 });
  });

  it('OPTIONS without Access-Control-Request-Method is not a preflight request', async () => {
    expect(await send('OPTIONS', { origin: PAGE })).toMatchObject({ status: 404 });
  });

  it('adds its headers to responses, and ignores those of the function', async () => {
    const headers = { origin: PAGE, 'content-type': 'application/json' };
    const body = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } };

    expect(await send('POST', headers, { body })).toEqual({ status: 200, ...OF_ORIGIN });
  });

  it('adds none to the response of a request without Origin', async () => {
    const headers = { 'content-type': 'application/json' };

    expect(await send('POST', headers, { body: { statusCode: 200 } })).toEqual({ status: 200 });
  });
});

describe('REST API, CORS: the mock integration of Serverless Framework 4', () => {
  const options = async (origin: string) => {
    const { port } = await startApi({
      routes: { 'OPTIONS /': 'returns' },
      api: { protocol: 'rest', stage: 'dev' },
      route: {
        preflight: {
          headers: {
            'access-control-allow-origin': PAGE,
            'access-control-allow-methods': 'OPTIONS,GET',
          },
          origins: [PAGE, 'https://*.example.org'],
        },
      },
    });
    return call(`127.0.0.1:${port}`, 'OPTIONS', '/dev', { headers: { origin } });
  };

  it('answers OPTIONS without the function', async () => {
    expect(await options(PAGE)).toMatchObject({
      status: 200,
      text: '',
      headers: {
        'content-type': 'application/json',
        'access-control-allow-origin': PAGE,
        'access-control-allow-methods': 'OPTIONS,GET',
      },
    });
  });

  it.each([
    ['https://shop.example.org', 'https://shop.example.org'],
    ['https://example.org.evil', PAGE],
  ])('allows %s as %s', async (origin, allowed) => {
    expect((await options(origin)).headers['access-control-allow-origin']).toBe(allowed);
  });
});
