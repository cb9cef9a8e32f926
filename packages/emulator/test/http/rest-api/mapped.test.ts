import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import { readMappedError } from '../../../src/http/rest-api/mapped-response.ts';
import type { Api } from '../../../src/project/project.ts';
import { firstLogs } from '../../support/start.ts';
import { startApi } from '../start-api.ts';

const REST: Partial<Api> = { protocol: 'rest', stage: 'dev' };
const mapped = (headers = {}) => ({ api: REST, route: { mapping: { headers } } });

const post = (url: string, type: string, body: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': type }, body });

describe('integration: lambda of Serverless Framework', () => {
  it("gives the function the event of the framework's template, and the client its response", async () => {
    const api = await startApi({
      routes: { 'POST /shops/{id}': 'echo' },
      ...mapped({ 'x-a': '1' }),
    });

    const response = await post(`${api.url}/dev/shops/7?q=x`, 'application/json', '{"a":[1]}');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-a')).toBe('1');
    const { statusCode, body } = (await response.json()) as { statusCode: number; body: string };
    expect(statusCode).toBe(202);
    expect(JSON.parse(body)).toEqual({
      body: { a: [1] },
      method: 'POST',
      principalId: '',
      stage: 'dev',
      cognitoPoolClaims: { sub: '' },
      enhancedAuthContext: {},
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
      query: { q: 'x' },
      path: { id: '7' },
      identity: expect.objectContaining({ sourceIp: '127.0.0.1', user: '' }),
      stageVariables: {},
      requestPath: '/shops/{id}',
    });
  });

  it('reads forms, and takes a request without a body for {}', async () => {
    const api = await startApi({ routes: { 'ANY /': 'echo' }, ...mapped() });
    const bodyOf = async (response: Promise<Response>) =>
      JSON.parse(((await (await response).json()) as { body: string }).body).body;

    const form = post(`${api.url}/dev`, 'application/x-www-form-urlencoded', 'a=1&b=c+d&e');
    expect(await bodyOf(form)).toEqual({ a: '1', b: 'c d', e: '' });
    expect(await bodyOf(fetch(`${api.url}/dev`))).toEqual({});
  });

  it('refuses what the templates do not take, without asking the function', async () => {
    const api = await startApi({ routes: { 'POST /': 'echo' }, ...mapped() });

    const broken = await post(`${api.url}/dev`, 'application/json', '{');
    expect(broken.status).toBe(400);
    const text = await post(`${api.url}/dev`, 'text/plain', 'hello');
    expect(text.status).toBe(415);
    expect(await text.json()).toEqual({ message: 'Unsupported Media Type' });
    expect(api.lambda('echo').logs).toEqual(firstLogs);
  });

  it('passes on an error without a status in its message as 200', async () => {
    const api = await startApi({ routes: { 'GET /': 'fails' }, ...mapped() });

    const response = await fetch(`${api.url}/dev`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ errorMessage: 'as it should' });
    expect(api.events).toContainEqual(expect.objectContaining({ problem: 'the function failed' }));
  });

  it.each([
    ['[404] No such order', 404],
    ['too much [422]', 422],
    ['Process exited before completing request', 500],
    ['2026-01-01T00:00:00.000Z 1234 Task timed out after 3.00 seconds', 504],
    ['404', 200],
  ])('finds the status in the message of an error: %s', (errorMessage, statusCode) => {
    const payload = Buffer.from(JSON.stringify({ errorMessage }));

    expect(readMappedError(payload, [], 'failed').statusCode).toBe(statusCode);
  });
});
