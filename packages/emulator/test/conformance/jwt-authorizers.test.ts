import { fetch, type Response } from 'undici';
import { describe, expect, it } from 'vitest';
import { toTextClaims } from '../../src/http/http-api/claims.ts';
import type { JwtAuthorizer, Route } from '../../src/project/project.ts';
import { authorizerIn } from '../http/authorizer.ts';
import { type RunningApi, startApi } from '../http/start-api.ts';
import { startIssuer } from '../http/token-issuer.ts';
import { firstLogs } from '../support/start.ts';

async function startGuarded({
  authorizer = {},
  route = {},
}: {
  authorizer?: Partial<JwtAuthorizer>;
  route?: Partial<Route>;
} = {}) {
  const issuer = await startIssuer();
  const api = await startApi({
    routes: { 'GET /': 'echo' },
    route: {
      authorizer: {
        kind: 'jwt',
        name: 'jwt',
        identitySource: '$request.header.Authorization',
        issuers: [issuer.url],
        audience: ['shop'],
        ...authorizer,
      },
      ...route,
    },
  });
  return { api, issuer };
}

const get = (api: RunningApi, token: string | undefined, scheme = 'Bearer ') =>
  fetch(api.url, token === undefined ? {} : { headers: { authorization: scheme + token } });

/** Status, body and challenge. */
const facts = async (response: Response) => [
  response.status,
  await response.text(),
  response.headers.get('www-authenticate'),
];

const refused = (description: string) => [
  401,
  '{"message":"Unauthorized"}',
  `Bearer scope="" error="invalid_token" error_description="${description}"`,
];

describe('HTTP API, JWT authorizer: API Gateway guide, http-api-jwt-authorizer', () => {
  it('passes the claims to the function as text', async () => {
    const { api, issuer } = await startGuarded();

    const response = await get(api, await issuer.sign({ aud: 'shop', sub: 'joe', level: 3 }));

    expect(await authorizerIn(response)).toMatchObject({
      jwt: {
        claims: { iss: issuer.url, aud: 'shop', sub: 'joe', level: '3' },
        scopes: null,
      },
    });
  });

  it('takes a token without "Bearer" before it', async () => {
    const { api, issuer } = await startGuarded();

    expect((await get(api, await issuer.sign({ aud: 'shop' }), '')).status).toBe(202);
  });

  it('takes a token from a query string', async () => {
    const { api, issuer } = await startGuarded({
      authorizer: { identitySource: '$request.querystring.token' },
    });

    const response = await fetch(`${api.url}/?token=${await issuer.sign({ aud: 'shop' })}`);

    expect(response.status).toBe(202);
  });

  it('asks for the keys when the first token comes, and keeps them', async () => {
    const { api, issuer } = await startGuarded();
    const token = await issuer.sign({ aud: 'shop' });
    expect(issuer.requests).toEqual([]);

    await get(api, token);
    await get(api, token);

    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('answers 401 without a token', async () => {
    const { api } = await startGuarded();

    expect(await facts(await get(api, undefined))).toEqual([
      401,
      '{"message":"Unauthorized"}',
      'Bearer',
    ]);
    expect(api.events.at(-1)).toMatchObject({
      problem:
        'the request lacks $request.header.Authorization, where the authorizer jwt looks for a token',
    });
    expect(api.lambda('echo').timeline).toEqual(firstLogs);
  });

  it('answers 401 with the reason: API Gateway guide, http-api-troubleshooting-jwt', async () => {
    const { api, issuer } = await startGuarded();

    expect(await facts(await get(api, await issuer.sign({ aud: 'other' })))).toEqual(
      refused('the token does not have a valid audience'),
    );
    expect(api.events.at(-1)).toMatchObject({
      problem: 'the authorizer jwt refuses the token: the token does not have a valid audience',
    });
  });

  it('takes client_id for the audience, where the token has none', async () => {
    const { api, issuer } = await startGuarded();

    expect((await get(api, await issuer.sign({ client_id: 'shop' }))).status).toBe(202);
    const both = await issuer.sign({ client_id: 'shop', aud: 'other' });
    expect((await get(api, both)).status).toBe(401);
  });

  const PAST = Math.floor(Date.now() / 1000) - 10;
  const FUTURE = PAST + 1000;

  it.each([
    ['that has expired', { exp: PAST }, 'the token has expired'],
    ['that is not valid yet', { nbf: FUTURE }, 'the token is not valid yet'],
    ['from the future', { iat: FUTURE }, 'the token is issued in the future'],
  ])('refuses a token %s', async (_, claims, description) => {
    const { api, issuer } = await startGuarded();

    const response = await get(api, await issuer.sign({ aud: 'shop', ...claims }));

    expect(await facts(response)).toEqual(refused(description));
  });

  it('refuses a token of another issuer, before it asks for keys', async () => {
    const { api, issuer } = await startGuarded();

    const token = await issuer.sign({ aud: 'shop', iss: 'https://evil.example' });

    expect((await get(api, token)).status).toBe(401);
    expect(issuer.requests).toEqual([]);
  });

  it('refuses a token with a changed claim', async () => {
    const { api, issuer } = await startGuarded();
    const [header, , signature] = (await issuer.sign({ aud: 'shop', sub: 'joe' })).split('.');
    const [, claims] = (await issuer.sign({ aud: 'shop', sub: 'boss' })).split('.');

    expect((await get(api, [header, claims, signature].join('.'))).status).toBe(401);
  });

  it('refuses algorithms that are not based on RSA, and what is not a token', async () => {
    const { api, issuer } = await startGuarded();

    const token = await issuer.sign({ aud: 'shop' }, { algorithm: 'HS256' });

    expect((await get(api, token)).status).toBe(401);
    expect((await get(api, 'a.b.c')).status).toBe(401);
  });

  it('wants one of the scopes of the route, from scope or scp', async () => {
    const { api, issuer } = await startGuarded({
      route: { authorizationScopes: ['read', 'write'] },
    });

    const allowed = await get(api, await issuer.sign({ aud: 'shop', scope: 'other read' }));
    expect(await authorizerIn(allowed)).toMatchObject({
      jwt: { claims: { scope: 'other read' }, scopes: ['other', 'read'] },
    });
    const list = await get(api, await issuer.sign({ aud: 'shop', scp: ['write'] }));
    expect(list.status).toBe(202);
    expect(await facts(await get(api, await issuer.sign({ aud: 'shop' })))).toEqual([
      403,
      '{"message":"Forbidden"}',
      'Bearer scope="read write" error="insufficient_scope"',
    ]);
  });

  it('passes claims and scopes to an integration of format 1.0 without a name around them', async () => {
    const { api, issuer } = await startGuarded({ route: { payloadFormat: '1.0' } });

    const response = await get(api, await issuer.sign({ aud: 'shop', sub: 'joe' }));

    expect(await authorizerIn(response)).toMatchObject({ claims: { sub: 'joe' }, scopes: null });
  });
});

describe('claims in events of HTTP APIs', () => {
  it('are text: floci pull request 2011, measured on AWS', () => {
    expect(
      toTextClaims({
        exp: 9999999999,
        email_verified: true,
        'cognito:groups': ['admin', 'poweruser'],
        nickname: null,
        address: { country: 'JP' },
      }),
    ).toEqual({
      exp: '9999999999',
      email_verified: 'true',
      'cognito:groups': '[admin poweruser]',
      address: '{"country":"JP"}',
    });
  });
});

describe('without the keys of the issuer, which AWS always has', () => {
  it('checks the claims, but not the signature, and says so once', async () => {
    const nobody = 'http://127.0.0.1:1';
    const { api, issuer } = await startGuarded({ authorizer: { issuers: [nobody] } });
    const token = await issuer.sign({ aud: 'shop', iss: nobody });

    expect((await get(api, token)).status).toBe(202);
    expect(api.events.at(-1)).toMatchObject({
      problem: expect.stringContaining(`the keys of ${nobody} cannot be had: fetch failed`),
    });
    expect((await get(api, token)).status).toBe(202);
    expect(api.events.at(-1)).not.toHaveProperty('problem');
    expect((await get(api, await issuer.sign({ aud: 'other', iss: nobody }))).status).toBe(401);
  });

  it('takes the claims of any token when only AWS knows who issues them', async () => {
    const issuer = await startIssuer();
    const api = await startApi({
      routes: { 'GET /': 'echo' },
      route: {
        authorizer: { kind: 'jwt', name: 'jwt', identitySource: '$request.header.Authorization' },
      },
    });

    const response = await get(api, await issuer.sign({ sub: 'joe' }));

    expect(await authorizerIn(response)).toMatchObject({ jwt: { claims: { sub: 'joe' } } });
    expect(issuer.requests).toEqual([]);
    expect((await get(api, undefined)).status).toBe(401);
  });
});
