import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/project/project.ts';
import { answering, lambdaAuthorizer, policy } from '../authorizer.ts';
import { startApi } from '../start-api.ts';

const KEY = 'a-key-of-twenty-letters';
const REST: Partial<Api> = { protocol: 'rest', stage: 'dev' };

const call = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const identityIn = async (response: Response) => {
  const { requestContext } = (await response.json()) as {
    requestContext: { identity: Record<string, string> };
  };
  return requestContext.identity;
};

describe('a method of a REST API that needs a key', () => {
  it.each<[string, Record<string, string>]>([
    ['without one', {}],
    ['with another', { 'x-api-key': 'not-the-key' }],
    ['with an empty one', { 'x-api-key': '' }],
  ])('refuses a request %s', async (_, headers) => {
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      api: { ...REST, apiKeys: [KEY] },
      route: { needsApiKey: true },
    });

    const response = await call(`${api.url}/dev`, headers);

    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('ForbiddenException');
    expect(await response.text()).toBe('{"message":"Forbidden"}');
    expect(api.events).toContainEqual(
      expect.objectContaining({ problem: expect.stringContaining('x-api-key') }),
    );
  });

  it('lets a request with a key through, and shows the key to the function', async () => {
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      api: { ...REST, apiKeys: ['another-key-of-the-api', KEY] },
      route: { needsApiKey: true },
    });

    const response = await call(`${api.url}/dev`, { 'X-API-Key': KEY });

    expect(response.status).toBe(202);
    expect(await identityIn(response)).toMatchObject({
      apiKey: KEY,
      apiKeyId: expect.stringMatching(/^[0-9a-z]{10}$/),
    });
  });

  it('takes any key where only AWS knows the values', async () => {
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      api: REST,
      route: { needsApiKey: true },
    });

    expect((await call(`${api.url}/dev`, { 'x-api-key': 'whatever' })).status).toBe(202);
    expect((await call(`${api.url}/dev`)).status).toBe(403);
  });

  it('takes the key of its authorizer where the API says so', async () => {
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      others: ['authorizer'],
      api: { ...REST, apiKeys: [KEY], apiKeySource: 'AUTHORIZER' },
      route: { needsApiKey: true, authorizer: lambdaAuthorizer({ input: 'TOKEN' }) },
    });
    const withKey = (usageIdentifierKey: string) =>
      answering(policy('Allow', { usageIdentifierKey }));

    const known = await call(`${api.url}/dev`, withKey(KEY));
    expect(await identityIn(known)).toMatchObject({ apiKey: KEY });
    const unknown = await call(`${api.url}/dev`, {
      ...withKey('else'),
      'x-api-key': KEY,
    });
    expect(unknown.status).toBe(403);
    expect(await unknown.text()).toBe('{"message":"Forbidden"}');
  });
});
