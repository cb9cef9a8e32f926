import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fetch, type RequestInit } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../../src/http/server.ts';
import type { Lambda } from '../../src/lambda-types.ts';
import { hasNamespaces } from '../support/start.ts';
import { startApi } from './start-api.ts';

const JSON_BODY = { 'content-type': 'application/json' };

describe('a request to a route', () => {
  it('reaches the function as an event, and comes back as it says', async () => {
    const api = await startApi({ routes: { 'GET /echo/{name}': 'echo' } });

    const response = await fetch(`${api.url}/echo/joe?a=1&a=2`, { headers: { cookie: 'c=d' } });
    const event = (await response.json()) as Record<string, unknown>;

    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('apigw-requestid')).toMatch(/^[\w+/]{15}=$/);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /echo/{name}',
      rawPath: '/echo/joe',
      rawQueryString: 'a=1&a=2',
      cookies: ['c=d'],
      queryStringParameters: { a: '1,2' },
      pathParameters: { name: 'joe' },
      requestContext: {
        http: { method: 'GET', sourceIp: '127.0.0.1' },
        requestId: response.headers.get('apigw-requestid'),
      },
    });
  });

  it('can set several cookies, a binary body and no body', async () => {
    const api = await startApi({ routes: { 'POST /': 'returns' } });
    const send = (answer: object) =>
      fetch(api.url, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(answer) });

    const cookies = await send({ statusCode: 200, cookies: ['a=1', 'b=2'], body: 'x' });
    expect(cookies.headers.getSetCookie()).toEqual(['a=1', 'b=2']);

    const bytes = Buffer.from([0, 255, 128]);
    const binary = await send({
      statusCode: 200,
      isBase64Encoded: true,
      body: bytes.toString('base64'),
    });
    expect(Buffer.from(await binary.arrayBuffer())).toEqual(bytes);

    const empty = await send({ statusCode: 204 });
    expect([empty.status, await empty.text()]).toEqual([204, '']);
  });

  it('brings multi-byte text and bytes to the function unharmed', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const message = 'žluťoučký 🐎 '.repeat(20_000);
    const send = async (headers: Record<string, string>, body: string | Buffer) => {
      const response = await fetch(`${api.url}/echo`, { method: 'POST', headers, body });
      return (await response.json()) as { body: string; isBase64Encoded: boolean };
    };

    expect(await send({ 'content-type': 'text/plain' }, message)).toMatchObject({
      body: message,
      isBase64Encoded: false,
    });
    expect(await send({ 'content-type': 'image/png' }, Buffer.from([0, 255]))).toMatchObject({
      body: 'AP8=',
      isBase64Encoded: true,
    });
  });

  it('needs the stage in the path, when the API has a named one', async () => {
    const api = await startApi({ routes: { 'GET /echo/{name}': 'echo' }, api: { stage: 'prod' } });

    const response = await fetch(`${api.url}/prod/echo/caf%C3%A9`);
    expect(await response.json()).toMatchObject({
      rawPath: '/prod/echo/café',
      pathParameters: { name: 'café' },
      requestContext: { stage: 'prod', http: { path: '/prod/echo/café' } },
    });
    expect((await fetch(`${api.url}/echo/joe`)).status).toBe(404);
  });

  it('is an internal server error when the function fails', async () => {
    const api = await startApi({ routes: { 'GET /fails': 'fails' } });

    const response = await fetch(`${api.url}/fails`);

    expect([response.status, await response.json()]).toEqual([
      500,
      { message: 'Internal Server Error' },
    ]);
    expect(api.events.at(-1)).toMatchObject({
      type: 'http.response',
      problem: 'the function failed',
    });
  });

  it('does not stop the function when the client goes away', async () => {
    const api = await startApi({ routes: { 'GET /slow': 'slow' } });
    const client = request(`${api.url}/slow?ms=300`).end();
    client.on('error', () => undefined);

    await logs(api.lambda('slow'), 'begins');
    client.destroy();
    await api.lambda('slow').idle();

    expect(logLines(api.lambda('slow')).join('\n')).toContain('finished');
  });
});

describe('API Gateway itself', () => {
  it('answers 404 where no route fits', async () => {
    const api = await startApi({ routes: { 'GET /echo/{name}': 'echo' } });

    const response = await fetch(`${api.url}/other`);

    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(api.events).toEqual([
      expect.objectContaining({ type: 'http.request', target: '/other' }),
      expect.objectContaining({ type: 'http.response', statusCode: 404 }),
    ]);
  });

  it('answers 503 at the integration timeout, and the function runs on', async () => {
    const api = await startApi({ routes: { 'GET /slow': 'slow' }, route: { timeoutMs: 50 } });

    const response = await fetch(`${api.url}/slow?ms=500`);

    expect([response.status, await response.json()]).toEqual([
      503,
      { message: 'Service Unavailable' },
    ]);
    await api.lambda('slow').idle();
    expect(logLines(api.lambda('slow')).join('\n')).toContain('finished');
  });

  it.runIf(hasNamespaces)(
    'answers 500 when Lambda throttles, where environments run side by side',
    async () => {
      const api = await startApi({
        routes: { 'GET /slow': 'slow' },
        lambda: { maxConcurrency: 1, isolation: 'namespace' },
      });

      const first = fetch(`${api.url}/slow?ms=2000`);
      await logs(api.lambda('slow'), 'begins');
      const second = await fetch(`${api.url}/slow`);

      expect(second.status).toBe(500);
      expect(api.events.at(-1)).toMatchObject({ problem: expect.stringContaining('throttled') });
      expect((await first).status).toBe(200);
    },
  );

  it('answers 413 to more than 10 MB, and to an event that Lambda does not take', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const sendBytes = async (bytes: number) => {
      const response = await fetch(`${api.url}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(bytes),
      });
      return [response.status, await response.json()];
    };

    const tooLarge = [413, { message: 'Request Entity Too Large' }];
    expect(await sendBytes(10 * 1024 * 1024 + 1)).toEqual(tooLarge);
    expect(await sendBytes(7 * 1024 * 1024)).toEqual(tooLarge);
  });

  it('answers 431 to request line and headers of more than 10,240 bytes', async () => {
    const api = await startApi({ routes: { 'GET /echo/{name}': 'echo' } });
    const statusWith = async (bytes: number) =>
      (await fetch(`${api.url}/echo/joe`, { headers: { 'x-long': 'x'.repeat(bytes) } })).status;

    expect(await statusWith(9500)).toBe(202);
    expect(await statusWith(10_240)).toBe(431);
  });

  it('survives a client that breaks off in the middle of its body', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo', 'GET /echo/{name}': 'echo' } });
    const socket = connect(api.port, '127.0.0.1');
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await expect.poll(() => api.events.length, { timeout: 20_000 }).toBe(1);
    socket.destroy();
    await expect.poll(() => api.events.length, { timeout: 20_000 }).toBe(2);

    expect((await fetch(`${api.url}/echo/joe`)).status).toBe(202);
    expect(api.lambda('echo').timeline.filter(({ type }) => type === 'invoke.start')).toHaveLength(
      1,
    );
  });
});

describe('a function URL', () => {
  it('is chosen by its host name', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const [response] = await once(
      request({
        port: api.port,
        path: '/caf%C3%A9',
        headers: { host: `echo.lambda-url.localhost:${api.port}` },
      }).end(),
      'response',
    );
    expect(JSON.parse(await text(response))).toMatchObject({
      routeKey: '$default',
      rawPath: '/caf%C3%A9',
      requestContext: { domainName: 'echo.lambda-url.localhost', domainPrefix: 'echo' },
    });
  });
});

describe("Lambda's Invoke API", () => {
  const invoke = (url: string, name: string, init: RequestInit = {}) =>
    fetch(`${url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', ...init });

  it('returns what the function returns, with the headers of Lambda', async () => {
    const api = await startApi({ routes: { 'POST /': 'returns' } });

    const response = await invoke(api.url, 'fixture-returns', { body: '{"body":"[1]"}' });

    expect([response.status, await response.json()]).toEqual([200, [1]]);
    expect(response.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[\da-f-]{36}$/);
    expect(response.headers.has('x-amz-function-error')).toBe(false);
  });

  it('says that the function failed with status 200 and a header', async () => {
    const api = await startApi({ routes: { 'GET /fails': 'fails' } });

    const response = await invoke(api.url, 'fails');

    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await response.json()).toMatchObject({ errorMessage: 'as it should' });
  });

  it('answers 202 to an asynchronous invoke before the function is done', async () => {
    const api = await startApi({ routes: { 'GET /slow': 'slow' } });

    const response = await invoke(api.url, 'slow', {
      headers: { 'x-amz-invocation-type': 'Event' },
      body: '{"queryStringParameters":{"ms":"1000"}}',
    });

    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(logLines(api.lambda('slow')).join('\n')).not.toContain('finished');
    await api.lambda('slow').idle();
    expect(logLines(api.lambda('slow')).join('\n')).toContain('finished');
  });

  it('runs nothing for a dry run', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const response = await invoke(api.url, 'echo', {
      headers: { 'x-amz-invocation-type': 'DryRun' },
    });
    expect(response.status).toBe(204);
    expect(api.lambda('echo').timeline).not.toContainEqual(
      expect.objectContaining({ type: 'invoke.start' }),
    );
  });

  it('takes names, qualifiers and ARNs', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:fixture-echo';
    for (const name of ['echo', 'echo:live', 'fixture-echo', encodeURIComponent(arn)]) {
      expect((await invoke(api.url, name)).status, name).toBe(200);
    }
  });

  it('refuses what Lambda refuses', async () => {
    const api = await startApi({ routes: { 'POST /echo': 'echo' } });
    const refusal = async (name: string, init: RequestInit = {}) => {
      const response = await invoke(api.url, name, init);
      return [response.status, response.headers.get('x-amzn-errortype')];
    };

    expect(await refusal('nobody')).toEqual([404, 'ResourceNotFoundException']);
    expect(await refusal('echo', { body: '{' })).toEqual([400, 'InvalidRequestContentException']);
    expect(await refusal('echo', { headers: { 'x-amz-invocation-type': 'Later' } })).toEqual([
      400,
      'InvalidParameterValueException',
    ]);
  });
});

describe('the server', () => {
  it('that is drained gives running requests their answer, and others 503', async () => {
    const api = await startApi({ routes: { 'GET /slow': 'slow' } });
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    onTestFinished(() => agent.destroy());
    const send = async (path: string) => {
      const [response] = await once(get({ port: api.port, path, agent }), 'response');
      return { status: response.statusCode, body: await text(response), headers: response.headers };
    };
    await Promise.all([send('/slow'), send('/slow')]);
    const running = send('/slow?ms=500');
    await expect
      .poll(() => logLines(api.lambda('slow')).filter((line) => line.includes('begins')).length)
      .toBe(3);
    const begun = connect(api.port, '127.0.0.1');
    begun.write('GET /slow HTTP/1.1\r\n');
    await once(begun, 'connect');

    const drained = api.drain();
    begun.end('Host: x\r\n\r\n');

    expect(await text(begun)).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(await running).toMatchObject({
      status: 200,
      body: 'done',
      headers: { connection: 'close' },
    });
    await drained;
    await expect(send('/slow')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says which port is taken, and what to do', async () => {
    const { port } = await startApi({ routes: { 'POST /echo': 'echo' } });

    const error = await startHttpServer({ apis: [], functions: new Map(), port }).catch((e) => e);

    expect(error).toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE', port });
    expect(
      error.message.replaceAll(String(port), '3000').replace(/--port \d+,/, '--port 3001,'),
    ).toMatchInlineSnapshot(
      `"Another program uses port 3000 of 127.0.0.1, so the server cannot start. Stop it, or choose another port with --port 3001, or --port 0 for any free one."`,
    );
  });
});

/** Resolves when the function has logged the text. */
const logs = (lambda: Lambda, text: string) =>
  expect.poll(() => logLines(lambda).join('\n'), { timeout: 20_000 }).toContain(text);

const logLines = ({ logs }: Lambda) => logs.map(({ line }) => line);
