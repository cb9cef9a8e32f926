import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import type { LambdaAuthorizer, Route } from '../../src/project/project.ts';
import {
  answering,
  askedWith,
  authorizerIn,
  lambdaAuthorizer,
  policy,
} from '../http/authorizer.ts';
import { startApi } from '../http/start-api.ts';
import { firstLogs } from '../support/start.ts';

const startAuthorized = (
  settings: Partial<LambdaAuthorizer> & Pick<LambdaAuthorizer, 'input'>,
  { route, path = '/pets/{id}' }: { route?: Partial<Route>; path?: string } = {},
) =>
  startApi({
    routes: { [`GET ${path}`]: 'echo' },
    others: ['authorizer'],
    route: {
      authorizer: lambdaAuthorizer({
        identitySources: ['$request.header.Authorization'],
        ...settings,
      }),
      ...route,
    },
  });

/** Status and body. */
const facts = async (response: Response) => [response.status, await response.text()];

const UNAUTHORIZED = [401, '{"message":"Unauthorized"}'];
const FORBIDDEN = [403, '{"message":"Forbidden"}'];
const FAILED = [500, '{"message":"Internal Server Error"}'];

const SIMPLE = { input: '2.0', simpleResponses: true } as const;

describe('HTTP API, Lambda authorizer, format 2.0: API Gateway guide, http-api-lambda-authorizer', () => {
  it('asks with the request, its ARN and its identity, but not its body', async () => {
    const api = await startAuthorized(SIMPLE);

    await fetch(`${api.url}/pets/1?a=b`, { headers: answering({ isAuthorized: true }) });

    const [event] = await askedWith(api);
    expect(event).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:123456789012:local/$default/GET/pets/1',
      identitySource: ['{"isAuthorized":true}'],
      routeKey: 'GET /pets/{id}',
      rawPath: '/pets/1',
      rawQueryString: 'a=b',
      headers: { authorization: '{"isAuthorized":true}' },
      pathParameters: { id: '1' },
      requestContext: { http: { method: 'GET', path: '/pets/1' }, stage: '$default' },
    });
    expect(event).not.toHaveProperty('isBase64Encoded');
  });

  it('passes the context of a simple response to the function', async () => {
    const api = await startAuthorized(SIMPLE);
    const context = { text: 'a', number: 1, list: ['b'], map: { c: true } };

    const response = await fetch(`${api.url}/pets/1`, {
      headers: answering({ isAuthorized: true, context }),
    });

    expect(await authorizerIn(response)).toEqual({ lambda: context });
  });

  it('answers 403 when a simple response denies', async () => {
    const api = await startAuthorized(SIMPLE);

    const response = await fetch(`${api.url}/pets/1`, {
      headers: answering({ isAuthorized: false }),
    });

    expect(await facts(response)).toEqual(FORBIDDEN);
    expect(api.events.at(-1)).toMatchObject({
      problem: 'the authorizer auth answered isAuthorized: false',
    });
    expect(api.lambda('echo').timeline).toEqual(firstLogs);
  });

  it('takes a policy where simple responses are enabled too', async () => {
    const api = await startAuthorized(SIMPLE);

    expect((await fetch(`${api.url}/pets/1`, { headers: answering(policy('Allow')) })).status).toBe(
      202,
    );
  });

  it('judges a policy by the ARN of the route', async () => {
    const api = await startAuthorized({ input: '2.0' });
    const ask = async (answer: unknown) =>
      facts(await fetch(`${api.url}/pets/1`, { headers: answering(answer) }));

    expect((await ask(policy('Allow', { context: { a: 1 } })))[0]).toBe(202);
    expect(await ask(policy('Deny'))).toEqual(FORBIDDEN);
    expect(await ask(policy('Allow', { resource: 'arn:aws:execute-api:*/PUT/*' }))).toEqual(
      FORBIDDEN,
    );
  });

  it.each([
    ['a simple response that is not enabled', { isAuthorized: true }, /simple responses/],
    ['no policy', { principalId: 'joe' }, /it has no policyDocument/],
    ['an unknown effect', policy('allow' as 'Allow'), /neither Allow nor Deny/],
  ])('answers 500 to %s', async (_, answer, problem) => {
    const api = await startAuthorized({ input: '2.0' });

    const response = await fetch(`${api.url}/pets/1`, { headers: answering(answer) });

    expect(await facts(response)).toEqual(FAILED);
    expect(api.events.at(-1)).toMatchObject({ problem: expect.stringMatching(problem) });
  });

  it('answers 500 when the authorizer throws, and says so', async () => {
    const api = await startAuthorized({ input: '2.0' });

    const response = await fetch(`${api.url}/pets/1`, {
      headers: answering({ throws: 'no luck' }),
    });

    expect(await facts(response)).toEqual(FAILED);
    expect(api.events.at(-1)).toMatchObject({
      problem:
        'the authorizer auth failed: Error: no luck; correct its function authorizer, which refuses a request ' +
        'with a Deny or an error with the message "Unauthorized"',
    });
  });

  it('answers 401 when the authorizer throws "Unauthorized"', async () => {
    const api = await startAuthorized({ input: '2.0' });

    const response = await fetch(`${api.url}/pets/1`, {
      headers: answering({ throws: 'Unauthorized' }),
    });

    expect(await facts(response)).toEqual(UNAUTHORIZED);
  });

  it('answers 500 when the authorizer times out', async () => {
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      others: ['authorizer'],
      lambda: { timeoutMs: 500 },
      route: {
        authorizer: lambdaAuthorizer({
          input: '2.0',
          identitySources: ['$request.header.Authorization'],
        }),
      },
    });

    const response = await fetch(api.url, { headers: answering({ waitsMs: 20_000 }) });

    expect(await facts(response)).toEqual(FAILED);
    expect(api.events.at(-1)).toMatchObject({
      problem: expect.stringMatching(/the authorizer auth failed: .*Task timed out after 0\.50 s/),
    });
  });
});

describe('HTTP API, Lambda authorizer, format 1.0: API Gateway guide, http-api-lambda-authorizer', () => {
  it('asks with the method ARN and the identity as one text', async () => {
    const api = await startAuthorized({ input: '1.0' });

    await fetch(`${api.url}/pets/1`, { headers: answering(policy('Allow')) });

    const token = JSON.stringify(policy('Allow'));
    expect((await askedWith(api))[0]).toMatchObject({
      version: '1.0',
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:123456789012:local/$default/GET/pets/1',
      identitySource: token,
      authorizationToken: token,
      resource: '/pets/{id}',
      path: '/pets/1',
      httpMethod: 'GET',
      queryStringParameters: {},
      pathParameters: { id: '1' },
      requestContext: { resourcePath: '/pets/{id}', stage: '$default' },
    });
  });

  it('passes the context to an integration of format 1.0 without a name around it', async () => {
    const api = await startAuthorized({ input: '1.0' }, { route: { payloadFormat: '1.0' } });

    const response = await fetch(`${api.url}/pets/1`, {
      headers: answering(policy('Allow', { context: { tenant: 'x' } })),
    });

    expect(await authorizerIn(response)).toEqual({
      principalId: 'joe',
      tenant: 'x',
    });
  });
});

describe('HTTP API, identity sources: API Gateway guide, http-api-lambda-authorizer.identity-sources', () => {
  it.each(['$request.header.X-Tenant', '$request.querystring.tenant', '$context.error.message'])(
    'answers 401 without asking when the request lacks %s',
    async (source) => {
      const api = await startAuthorized({
        ...SIMPLE,
        identitySources: ['$request.header.Authorization', source],
      });

      const response = await fetch(`${api.url}/pets/1`, {
        headers: answering({ isAuthorized: true }),
      });

      expect(await facts(response)).toEqual(UNAUTHORIZED);
      expect(await askedWith(api)).toEqual([]);
      expect(api.events.at(-1)).toMatchObject({
        problem: `the request lacks ${source}, so the authorizer auth is not asked`,
      });
    },
  );

  it('are headers in any spelling, query strings and context variables', async () => {
    const api = await startAuthorized({
      ...SIMPLE,
      identitySources: [
        '$request.header.Authorization',
        '$request.querystring.tenant',
        '$context.routeKey',
        '$context.identity.sourceIp',
      ],
    });

    await fetch(`${api.url}/pets/1?tenant=x`, { headers: answering({ isAuthorized: true }) });

    expect((await askedWith(api))[0]).toMatchObject({
      identitySource: ['{"isAuthorized":true}', 'x', 'GET /pets/{id}', '127.0.0.1'],
    });
  });
});

describe('HTTP API, cached answers: API Gateway guide, http-api-lambda-authorizer.caching', () => {
  const twice = async (settings: Partial<LambdaAuthorizer>, paths = ['/pets/1', '/pets/2']) => {
    const api = await startAuthorized({ ...SIMPLE, ...settings });
    const answers = [];
    for (const path of paths) {
      const headers = answering({ isAuthorized: true, context: { a: 1 } });
      answers.push(await authorizerIn(await fetch(api.url + path, { headers })));
    }
    expect(answers).toMatchObject(answers.map(() => ({ lambda: { a: 1 } })));
    return (await askedWith(api)).length;
  };

  it('are used for the same identity, on other paths too', async () => {
    expect(await twice({ ttlMs: 60_000 })).toBe(1);
  });

  it('are not used for another identity', async () => {
    const identitySources = ['$request.header.Authorization', '$request.querystring.q'];
    const paths = ['/pets/1?q=1', '/pets/1?q=2'];
    expect(await twice({ ttlMs: 60_000, identitySources }, paths)).toBe(2);
  });

  it('are not kept where the time to live is 0', async () => {
    expect(await twice({ ttlMs: 0 })).toBe(2);
  });

  it('are judged again for each ARN when they are policies', async () => {
    const api = await startAuthorized({ input: '2.0', ttlMs: 60_000 });
    const headers = answering(policy('Allow', { resource: 'arn:aws:execute-api:*/pets/1' }));

    expect((await fetch(`${api.url}/pets/1`, { headers })).status).toBe(202);
    expect((await fetch(`${api.url}/pets/2`, { headers })).status).toBe(403);
    expect(await askedWith(api)).toHaveLength(1);
  });

  it('are not kept when the authorizer has failed', async () => {
    const api = await startAuthorized({ input: '2.0', ttlMs: 60_000 });
    const headers = answering({ throws: 'no luck' });

    await fetch(`${api.url}/pets/1`, { headers });
    await fetch(`${api.url}/pets/1`, { headers });

    expect(await askedWith(api)).toHaveLength(2);
  });
});
