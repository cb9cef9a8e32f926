import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/http/authorizers/policy.ts';
import { toCognitoClaims } from '../../src/http/rest-api/claims.ts';
import type { Authorizer, LambdaAuthorizer, Route } from '../../src/project/project.ts';
import {
  answering,
  askedWith,
  authorizerIn,
  lambdaAuthorizer,
  policy,
} from '../http/authorizer.ts';
import { startApi } from '../http/start-api.ts';
import { startIssuer } from '../http/token-issuer.ts';

const startRest = (authorizer: Authorizer, route: Partial<Route> = {}) =>
  startApi({
    routes: { 'GET /pets/{id}': 'echo' },
    others: ['authorizer'],
    api: { protocol: 'rest', stage: 'dev' },
    route: { authorizer, ...route },
  });

const startAuthorized = (settings: Partial<LambdaAuthorizer> = {}, route: Partial<Route> = {}) =>
  startRest(lambdaAuthorizer({ input: 'TOKEN', ...settings }), route);

/** Status, error type and body: the bodies are compared as they are. */
const facts = async (response: Response) => [
  response.status,
  response.headers.get('x-amzn-errortype'),
  await response.text(),
];

const UNAUTHORIZED = [401, 'UnauthorizedException', '{"message":"Unauthorized"}'];
const FAILED = [500, 'AuthorizerConfigurationException', '{"message":null}'];
const ARN = 'arn:aws:execute-api:us-east-1:123456789012:local/dev/GET/pets/1';

describe('REST API, TOKEN authorizer: API Gateway guide, api-gateway-lambda-authorizer-input', () => {
  it('asks with the token and the ARN of the method', async () => {
    const api = await startAuthorized();

    await fetch(`${api.url}/dev/pets/1?a=b`, { headers: answering(policy('Allow')) });

    expect(await askedWith(api)).toEqual([
      { type: 'TOKEN', methodArn: ARN, authorizationToken: JSON.stringify(policy('Allow')) },
    ]);
  });

  it('passes principal and context to the function, as text: api-gateway-lambda-authorizer-output', async () => {
    const api = await startAuthorized();
    const context = { text: 'a', number: 1, isTrue: true };

    const response = await fetch(`${api.url}/dev/pets/1`, {
      headers: answering(policy('Allow', { context })),
    });

    expect(await authorizerIn(response)).toEqual({
      principalId: 'joe',
      integrationLatency: expect.any(Number),
      text: 'a',
      number: '1',
      isTrue: 'true',
    });
  });

  it('answers 401 without asking when the header is missing', async () => {
    const api = await startAuthorized();

    expect(await facts(await fetch(`${api.url}/dev/pets/1`))).toEqual(UNAUTHORIZED);
    expect(await askedWith(api)).toEqual([]);
  });

  it('answers 401 without asking when the token does not match: configure-api-gateway-lambda-authorization', async () => {
    const api = await startAuthorized({ tokenPattern: 'Bearer \\w+' });

    const response = await fetch(`${api.url}/dev/pets/1`, {
      headers: { authorization: 'Basic x' },
    });

    expect(await facts(response)).toEqual(UNAUTHORIZED);
    expect(await askedWith(api)).toEqual([]);
  });

  it('answers 401 when the authorizer throws "Unauthorized"', async () => {
    const api = await startAuthorized();

    const response = await fetch(`${api.url}/dev/pets/1`, {
      headers: answering({ throws: 'Unauthorized' }),
    });

    expect(await facts(response)).toEqual(UNAUTHORIZED);
  });

  it('guards the preflight too where the tool says so', async () => {
    const api = await startAuthorized({}, { preflight: { headers: {}, origins: [] } });

    expect((await fetch(`${api.url}/dev/pets/1`)).status).toBe(401);
  });
});

describe('REST API, REQUEST authorizer: API Gateway guide, api-gateway-lambda-authorizer-input', () => {
  it('asks with the request, but not its body', async () => {
    const api = await startAuthorized({ input: 'REQUEST' });

    await fetch(`${api.url}/dev/pets/1?a=b`, { headers: answering(policy('Allow')) });

    const [event] = await askedWith(api);
    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: ARN,
      resource: '/pets/{id}',
      path: '/pets/1',
      httpMethod: 'GET',
      headers: { Authorization: JSON.stringify(policy('Allow')) },
      multiValueHeaders: { Authorization: [JSON.stringify(policy('Allow'))] },
      queryStringParameters: { a: 'b' },
      pathParameters: { id: '1' },
      stageVariables: {},
      requestContext: { path: '/dev/pets/1', stage: 'dev', resourcePath: '/pets/{id}' },
    });
    expect(event).not.toHaveProperty('body');
  });

  it('answers 401 without asking when an identity source is missing and answers are kept', async () => {
    const api = await startAuthorized({
      input: 'REQUEST',
      identitySources: ['method.request.querystring.tenant'],
      ttlMs: 300_000,
    });

    const response = await fetch(`${api.url}/dev/pets/1`, { headers: answering(policy('Allow')) });

    expect(await facts(response)).toEqual(UNAUTHORIZED);
    expect(await askedWith(api)).toEqual([]);
  });

  it('asks without identity sources when no answers are kept', async () => {
    const api = await startAuthorized({ input: 'REQUEST', identitySources: [], ttlMs: 0 });

    const response = await fetch(`${api.url}/dev/pets/1`, { headers: answering(policy('Allow')) });

    expect(response.status).toBe(202);
  });
});

describe('REST API, answers of authorizers: failure modes by M. Gonzalez, dev.to/marcogrcr', () => {
  const ask = async (answer: unknown) => {
    const api = await startAuthorized();
    const response = await fetch(`${api.url}/dev/pets/1`, { headers: answering(answer) });
    return { facts: await facts(response), problem: api.events.at(-1) };
  };

  it('a policy that does not allow the method is 403', async () => {
    const answer = await ask(policy('Allow', { resource: 'arn:aws:execute-api:*/PUT/*' }));

    expect(answer.facts).toEqual([
      403,
      'AccessDeniedException',
      '{"Message":"User is not authorized to access this resource"}',
    ]);
    expect(answer.problem).toMatchObject({
      problem: `the policy of the authorizer auth does not allow ${ARN}`,
    });
  });

  it('a policy that denies it is 403 in other words', async () => {
    expect((await ask(policy('Deny'))).facts).toEqual([
      403,
      'AccessDeniedException',
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    ]);
  });

  it.each([
    ['an error', { throws: 'no luck' }, /failed: Error: no luck; correct its function authorizer/],
    ['no policy', { principalId: 'joe' }, /is malformed: it has no policyDocument/],
    ['isAuthorized', { isAuthorized: true }, /simple responses/],
    [
      'a context with a list',
      policy('Allow', { context: { groups: ['a'] } }),
      /is malformed: context\.groups is an object or a list; a REST API takes only text/,
    ],
  ])('%s is 500', async (_, answer, problem) => {
    const result = await ask(answer);

    expect(result.facts).toEqual(FAILED);
    expect(result.problem).toMatchObject({ problem: expect.stringMatching(problem) });
  });

  it('a policy is kept for the token, and judged again for each method', async () => {
    const api = await startAuthorized({ ttlMs: 300_000 });
    const headers = answering(policy('Allow', { resource: 'arn:aws:execute-api:*/pets/1' }));

    expect((await fetch(`${api.url}/dev/pets/1`, { headers })).status).toBe(202);
    expect((await fetch(`${api.url}/dev/pets/2`, { headers })).status).toBe(403);
    expect(await askedWith(api)).toHaveLength(1);
  });
});

describe('policies of authorizers: IAM guide, reference_policies_evaluation-logic', () => {
  const evaluate = (...statements: [effect: string, resource: unknown, action?: unknown][]) =>
    evaluatePolicy(
      {
        Statement: statements.map(([effect, resource, action = 'execute-api:Invoke']) => ({
          Effect: effect,
          Resource: resource,
          Action: action,
        })),
      },
      ARN,
    );

  it.each([
    ['the ARN', ARN],
    ['*', '*'],
    ['a * for several segments', 'arn:aws:execute-api:*:*:local/dev/*'],
    ['a ? for one character', ARN.replace('pets', 'p?ts')],
    ['one of a list', ['arn:aws:other', ARN]],
  ])('allow by %s', (_, resource) => {
    expect(evaluate(['Allow', resource])).toBe('allowed');
  });

  it.each([
    ['another method', ARN.replace('GET', 'PUT')],
    ['the beginning of the ARN', ARN.slice(0, -1)],
    ['? for two characters', ARN.replace('pets', 'p?s')],
    ['a dot for any character', ARN.replace('pets', 'p.ts')],
  ])('do not allow by %s', (_, resource) => {
    expect(evaluate(['Allow', resource])).toBe('denied');
  });

  it('deny before they allow', () => {
    expect(evaluate(['Allow', '*'], ['Deny', ARN])).toBe('denied explicitly');
  });

  it('are about execute-api:Invoke, in any spelling', () => {
    expect(evaluate(['Allow', '*', 'EXECUTE-API:invoke'])).toBe('allowed');
    expect(evaluate(['Allow', '*', ['s3:*', 'execute-api:*']])).toBe('allowed');
    expect(evaluate(['Allow', '*', 's3:*'])).toBe('denied');
  });

  it('may have one statement without a list', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
    expect(evaluatePolicy({ Statement: statement }, ARN)).toBe('allowed');
  });
});

describe('REST API, Cognito user pools: API Gateway guide, apigateway-integrate-with-cognito', () => {
  const startPool = async (route: Partial<Route> = {}) => {
    const issuer = await startIssuer();
    const api = await startRest(
      {
        kind: 'jwt',
        name: 'pool',
        identitySource: 'method.request.header.Authorization',
        issuers: [issuer.url],
      },
      route,
    );
    return {
      issuer,
      send: (authorization: string) =>
        fetch(`${api.url}/dev/pets/1`, { headers: { authorization } }),
    };
  };

  it('passes the claims of an identity token to the function, for any client', async () => {
    const { issuer, send } = await startPool();

    const response = await send(await issuer.sign({ aud: 'any', sub: 'joe', token_use: 'id' }));

    expect(await authorizerIn(response)).toMatchObject({
      claims: { iss: issuer.url, aud: 'any', sub: 'joe', token_use: 'id' },
    });
  });

  it('answers 401 to what is not a token of the pool', async () => {
    const { send } = await startPool();

    expect(await facts(await send('nonsense'))).toEqual(UNAUTHORIZED);
  });

  it('answers 401 in other words to a token that has expired', async () => {
    const { issuer, send } = await startPool();

    expect(await facts(await send(await issuer.sign({ exp: 1 })))).toEqual([
      401,
      'UnauthorizedException',
      '{"message":"The incoming token has expired"}',
    ]);
  });

  it('takes access tokens only where the method has scopes', async () => {
    const { issuer, send } = await startPool();
    expect((await send(await issuer.sign({ token_use: 'access', scope: 'read' }))).status).toBe(
      401,
    );

    const scoped = await startPool({ authorizationScopes: ['read'] });
    const access = { token_use: 'access', scope: 'read' };
    expect((await scoped.send(await scoped.issuer.sign(access))).status).toBe(202);
    expect((await scoped.send(await scoped.issuer.sign({ token_use: 'access' }))).status).toBe(403);
  });

  it('has claims as text, dates as Java writes them: AWS Mobile Blog, "Integrating Amazon Cognito User Pools"', () => {
    expect(
      toCognitoClaims({
        exp: 1465337039,
        auth_time: 1465333439,
        email_verified: true,
        'cognito:groups': ['admin', 'users'],
      }),
    ).toEqual({
      exp: 'Tue Jun 07 22:03:59 UTC 2016',
      auth_time: '1465333439',
      email_verified: 'true',
      'cognito:groups': 'admin,users',
    });
  });
});
