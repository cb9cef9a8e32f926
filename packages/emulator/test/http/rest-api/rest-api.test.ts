import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/project/project.ts';
import { hasNamespaces } from '../../support/start.ts';
import { startApi } from '../start-api.ts';

const REST: Partial<Api> = { protocol: 'rest', stage: 'dev' };

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Status, error type and body: bodies have spaces in some places, and they are compared. */
const facts = async (response: Response) => [
  response.status,
  response.headers.get('x-amzn-errortype'),
  await response.text(),
];

const SERVER_ERROR = ['InternalServerErrorException', '{"message": "Internal server error"}'];

describe('a request to a REST API', () => {
  it('reaches the function as an event of format 1.0, and comes back as it says', async () => {
    const api = await startApi({ routes: { 'ANY /echo/{name}': 'echo' }, api: REST });

    const response = await post(`${api.url}/dev/echo/a%20b/?x=1`, { hello: 'world' });

    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      resource: '/echo/{name}',
      path: '/echo/a%20b/',
      httpMethod: 'POST',
      pathParameters: { name: 'a%20b' },
      queryStringParameters: { x: '1' },
      body: '{"hello":"world"}',
      requestContext: {
        path: '/dev/echo/a%20b/',
        stage: 'dev',
        requestId: response.headers.get('x-amzn-requestid'),
        extendedRequestId: response.headers.get('x-amz-apigw-id'),
      },
    });
    expect(response.headers.get('x-amzn-trace-id')).toMatch(/^Root=1-/);
  });

  it('shows the function the name of the operation, if the method has one', async () => {
    const api = await startApi({
      routes: { 'GET /echo': 'echo' },
      api: REST,
      route: { operationName: 'getEcho' },
    });

    const response = await fetch(`${api.url}/dev/echo`);

    expect(await response.json()).toMatchObject({ requestContext: { operationName: 'getEcho' } });
  });

  it('may leave the stage out, as with sam local', async () => {
    const api = await startApi({ routes: { 'GET /echo': 'echo' }, api: REST });

    const response = await fetch(`${api.url}/echo`);

    expect(await response.json()).toMatchObject({
      path: '/echo',
      requestContext: { path: '/dev/echo' },
    });
  });

  it('can set a header several times', async () => {
    const api = await startApi({ routes: { 'POST /': 'returns' }, api: REST });

    const response = await post(`${api.url}/dev`, {
      statusCode: 200,
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    });

    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('gets bytes where Accept names a binary media type', async () => {
    const api = await startApi({
      routes: { 'POST /': 'returns' },
      api: { ...REST, binaryMediaTypes: ['image/png'] },
    });
    const body = { statusCode: 200, isBase64Encoded: true, body: 'AP8=' };

    const binary = await post(`${api.url}/dev`, body, { accept: 'image/png' });
    expect(Buffer.from(await binary.arrayBuffer())).toEqual(Buffer.from([0, 255]));
    const asText = await post(`${api.url}/dev`, body);
    expect(await asText.text()).toBe('AP8=');
    const broken = await post(`${api.url}/dev`, { ...body, body: '(' }, { accept: 'image/png' });
    expect(await facts(broken)).toEqual([500, ...SERVER_ERROR]);
  });

  it('is reached by the host name of its API, when another one has the same route', async () => {
    const api = await startApi({ routes: { 'GET /echo': 'echo' }, api: { ...REST, name: 'Shop' } });

    const [response] = await once(
      get({ port: api.port, path: '/dev/echo', headers: { host: 'shop.execute-api.localhost' } }),
      'response',
    );

    expect(JSON.parse(await text(response))).toMatchObject({
      requestContext: { domainName: 'shop.execute-api.localhost', domainPrefix: 'shop' },
    });
  });
});

describe('a REST API itself', () => {
  it('answers 502 to a malformed response: aws-lambda-dotnet@8314921, V1_HandlesZeroStatusCodeRest, recorded 2025-04-14', async () => {
    const api = await startApi({ routes: { 'POST /': 'returns' }, api: REST });

    expect(await facts(await post(`${api.url}/dev`, { statusCode: 0 }))).toEqual([
      502,
      ...SERVER_ERROR,
    ]);
    expect(api.events.at(-1)).toMatchObject({
      problem:
        'the response of the function is malformed: statusCode is 0, not a number from 200 to 599',
    });
  });

  it('answers 504 at the integration timeout, and the function keeps running: lambda-platform.md 7.2', async () => {
    const api = await startApi({
      routes: { 'GET /slow': 'slow' },
      api: REST,
      route: { timeoutMs: 50 },
    });

    const response = await fetch(`${api.url}/dev/slow?ms=500`);

    expect([response.status, await response.text()]).toEqual([
      504,
      '{"message": "Endpoint request timed out"}',
    ]);
    await api.lambda('slow').idle();
    expect(
      api
        .lambda('slow')
        .logs.map(({ line }) => line)
        .join('\n'),
    ).toContain('finished');
  });

  it.runIf(hasNamespaces)(
    'answers 500 when Lambda throttles, where environments run side by side: recorded-aws.md, "throttle behind a REST API"',
    async () => {
      const api = await startApi({
        routes: { 'GET /slow': 'slow' },
        api: REST,
        lambda: { maxConcurrency: 1, isolation: 'namespace' },
      });

      const first = fetch(`${api.url}/dev/slow?ms=2000`);
      await expect
        .poll(
          () =>
            api
              .lambda('slow')
              .logs.map(({ line }) => line)
              .join('\n'),
          { timeout: 20_000 },
        )
        .toContain('begins');
      expect(await facts(await fetch(`${api.url}/dev/slow`))).toEqual([500, ...SERVER_ERROR]);
      expect((await first).status).toBe(200);
    },
  );

  it('answers 501 for an integration that is not emulated, and names it', async () => {
    const api = await startApi({
      routes: { 'GET /mock': 'echo' },
      api: REST,
      route: { integration: 'mock' },
    });

    const response = await fetch(`${api.url}/dev/mock`);

    expect([response.status, await response.json()]).toEqual([
      501,
      {
        message:
          'The integration mock of GET /mock is not emulated; only Lambda proxy integrations are.',
      },
    ]);
  });
});

describe('an HTTP API with payload format 1.0', () => {
  const format1 = { route: { payloadFormat: '1.0' } } as const;

  it('gives the function an event of that format', async () => {
    const api = await startApi({ routes: { 'GET /echo/{name}': 'echo' }, ...format1 });

    const response = await fetch(`${api.url}/echo/joe`);

    expect(await response.json()).toMatchObject({
      version: '1.0',
      resource: '/echo/{name}',
      requestContext: { requestId: response.headers.get('apigw-requestid') },
    });
  });

  it('answers 500 to a response without statusCode', async () => {
    const api = await startApi({ routes: { 'POST /': 'returns' }, ...format1 });

    const response = await post(api.url, { hello: 'world' });

    expect([response.status, await response.text()]).toEqual([
      500,
      '{"message":"Internal Server Error"}',
    ]);
  });
});
