import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../src/project/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda, restIntegration } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

type Authorization = Pick<Route, 'authorizer' | 'authorizationScopes'>;

/** What the routes have of authorizers, by path, and the warnings. */
function read(file: string, files: Readonly<Record<string, string>>) {
  const folder = projectFolder({ 'index.js': '', ...files });
  const { apis, warnings } = readProject(join(folder, file), { env: {} });
  const routes = apis.flatMap((api) => api.routes);
  const byPath = routes.map(({ method, path, authorizer, authorizationScopes }) => {
    const authorization: Authorization = {
      ...(authorizer && { authorizer }),
      ...(authorizationScopes && { authorizationScopes }),
    };
    return [method === 'OPTIONS' ? `OPTIONS ${path}` : path, authorization] as const;
  });
  return { routes: Object.fromEntries(byPath), warnings };
}

const TOKEN = 'method.request.header.Authorization';
const HEADER = '$request.header.Authorization';
const POOL = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc';
const POOL_ARN = 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc';

describe('Serverless Framework, httpApi', () => {
  const readHttpApi = (authorizers: string, event: string, functions = '') =>
    read('serverless.yml', {
      'serverless.yml': `
service: shop
provider:
  name: aws
  runtime: nodejs24.x
  httpApi: { authorizers: ${authorizers} }
functions:
  auth: { handler: index.handler }
  ${functions}
  order:
    handler: index.handler
    events: [{ httpApi: { method: GET, path: /, authorizer: ${event} } }]
resources:
  Resources:
    Mine:
      Type: AWS::ApiGatewayV2::Authorizer
      Properties: { AuthorizerType: JWT, IdentitySource: ["${HEADER}"], JwtConfiguration: { Issuer: "${POOL}", Audience: [a] } }
`,
    });

  it('names an authorizer of the provider that asks a function', () => {
    expect(
      readHttpApi(
        '{ mine: { type: request, functionName: auth, identitySource: [$request.header.X, $request.querystring.y], resultTtlInSeconds: 60, enableSimpleResponses: true } }',
        'mine',
      ),
    ).toEqual({
      routes: {
        '/': {
          authorizer: {
            kind: 'lambda',
            name: 'mine',
            functionName: 'auth',
            input: '2.0',
            simpleResponses: true,
            identitySources: ['$request.header.X', '$request.querystring.y'],
            ttlMs: 60_000,
          },
        },
      },
      warnings: [],
    });
  });

  it.each([
    ['the ARN that the function will have', '!GetAtt AuthLambdaFunction.Arn'],
    ['an ARN', 'arn:aws:lambda:us-east-1:123456789012:function:shop-dev-auth'],
  ])('finds a function of the service by %s', (_, arn) => {
    const authorizers = `{ mine: { type: request, functionArn: ${arn}, payloadVersion: '1.0' } }`;
    expect(readHttpApi(authorizers, '{ name: mine, type: request }').routes['/']).toEqual({
      authorizer: {
        kind: 'lambda',
        name: 'mine',
        functionName: 'auth',
        input: '1.0',
        identitySources: [],
        ttlMs: 0,
      },
    });
  });

  it('reads a JWT authorizer, and the scopes of an event', () => {
    const authorizers = `{ jwt: { type: jwt, identitySource: ${HEADER}, issuerUrl: "${POOL}", audience: [a, b] } }`;
    expect(readHttpApi(authorizers, '{ name: jwt, scopes: [read, write] }')).toEqual({
      routes: {
        '/': {
          authorizer: {
            kind: 'jwt',
            name: 'jwt',
            identitySource: HEADER,
            issuers: [POOL],
            audience: ['a', 'b'],
          },
          authorizationScopes: ['read', 'write'],
        },
      },
      warnings: [],
    });
  });

  it('finds an authorizer in resources by its id', () => {
    expect(readHttpApi('{}', '{ type: jwt, id: !Ref Mine }')).toEqual({
      routes: {
        '/': {
          authorizer: {
            kind: 'jwt',
            name: 'Mine',
            identitySource: HEADER,
            issuers: [POOL],
            audience: ['a'],
          },
        },
      },
      warnings: [],
    });
  });

  it('leaves out an issuer and an audience that only AWS knows', () => {
    const authorizers =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of CloudFormation.
      '{ jwt: { issuerUrl: !Sub "https://cognito-idp.us-east-1.amazonaws.com/${Pool}", audience: !Ref Client } }';
    expect(readHttpApi(authorizers, 'jwt')).toEqual({
      routes: { '/': { authorizer: { kind: 'jwt', name: 'jwt', identitySource: HEADER } } },
      warnings: [
        'serverless.yml:6: Tokens for the authorizer jwt are decoded, but their signature is not checked, because only AWS knows who issues them.',
      ],
    });
  });

  it.each([
    ['{ type: aws_iam }', 'AWS_IAM authorization is not emulated'],
    [
      'other',
      'The authorizer other is not emulated, because provider.httpApi.authorizers has none',
    ],
    [
      '{ id: a1b2 }',
      'The authorizer a1b2 is not emulated, because it belongs to an API of another',
    ],
    ['typo', 'The authorizer typo is not emulated, because its function aut is not one of this'],
    [
      'far',
      'The authorizer far is not emulated, because its function arn:aws:lambda:x:1:function:a is',
    ],
  ])('lets requests through for %s, and says so', (event, warning) => {
    const far =
      '{ far: { type: request, functionArn: "arn:aws:lambda:x:1:function:a" }, typo: { type: request, functionName: aut } }';
    const { routes, warnings } = readHttpApi(far, event);
    expect(routes).toEqual({ '/': {} });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('Serverless Framework, http', () => {
  const readHttp = (authorizer: string) =>
    read('serverless.yml', {
      'serverless.yml': `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  auth: { handler: index.handler }
  order:
    handler: index.handler
    events: [{ http: { method: GET, path: /, authorizer: ${authorizer} } }]
resources:
  Resources:
    Mine:
      Type: AWS::ApiGateway::Authorizer
      Properties: { Type: COGNITO_USER_POOLS, IdentitySource: ${TOKEN}, ProviderARNs: ["${POOL_ARN}"] }
`,
    });
  const byFunction = {
    kind: 'lambda',
    name: 'auth',
    functionName: 'auth',
    input: 'TOKEN',
    identitySources: [TOKEN],
    ttlMs: 300_000,
  };

  it.each([
    ['a name', 'auth', byFunction],
    ['a map with a name', '{ name: auth, resultTtlInSeconds: 0 }', { ...byFunction, ttlMs: 0 }],
    [
      'the ARN that it will have',
      '{ arn: !GetAtt AuthLambdaFunction.Arn, name: auth, type: token }',
      byFunction,
    ],
    [
      'a REQUEST authorizer without a cache',
      '{ name: auth, type: request, resultTtlInSeconds: 0 }',
      { ...byFunction, input: 'REQUEST', identitySources: [], ttlMs: 0 },
    ],
    [
      'settings',
      `{ name: auth, identitySource: method.request.header.X, identityValidationExpression: 'a.*' }`,
      { ...byFunction, identitySources: ['method.request.header.X'], tokenPattern: 'a.*' },
    ],
  ])('asks a function of the service, by %s', (_, authorizer, expected) => {
    expect(readHttp(authorizer)).toEqual({
      routes: { '/': { authorizer: expected } },
      warnings: [],
    });
  });

  it.each([
    ['an ARN', POOL_ARN, 'eu-west-1_abc'],
    ['a map', `{ name: pool, type: COGNITO_USER_POOLS, arn: "${POOL_ARN}" }`, 'pool'],
    ['an authorizer in resources', '{ type: CUSTOM, authorizerId: !Ref Mine }', 'Mine'],
  ])('checks tokens of a user pool, by %s', (_, authorizer, name) => {
    expect(readHttp(authorizer)).toEqual({
      routes: {
        '/': { authorizer: { kind: 'jwt', name, identitySource: TOKEN, issuers: [POOL] } },
      },
      warnings: [],
    });
  });

  it('decodes tokens of a user pool that only AWS knows', () => {
    const { routes, warnings } = readHttp(
      '{ name: pool, type: COGNITO_USER_POOLS, arn: !GetAtt Pool.Arn, scopes: [a] }',
    );
    expect(routes).toEqual({
      '/': {
        authorizer: { kind: 'jwt', name: 'pool', identitySource: TOKEN },
        authorizationScopes: ['a'],
      },
    });
    expect(warnings).toEqual([
      expect.stringContaining('Tokens for the authorizer pool are decoded'),
    ]);
  });

  it.each([
    ['aws_iam', 'AWS_IAM authorization is not emulated'],
    [
      'other',
      'The authorizer other is not emulated, because the service has no function of this name',
    ],
    [
      '{ type: CUSTOM, authorizerId: x1 }',
      'The authorizer x1 is not emulated, because it belongs to',
    ],
    [
      'arn:aws:lambda:x:1:function:a',
      'The authorizer a is not emulated, because its function arn:aws',
    ],
  ])('lets requests through for %s, and says so', (authorizer, warning) => {
    const { routes, warnings } = readHttp(authorizer);
    expect(routes).toEqual({ '/': {} });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('SAM', () => {
  const FUNCTION = 'Type: AWS::Serverless::Function';
  const SETTINGS = 'Handler: index.handler, Runtime: nodejs24.x';
  const readSam = (api: string, { kind, idKey, event = '' }: Record<string, string>) =>
    read('template.yaml', {
      'template.yaml': `
Resources:
  Shop: ${api}
  Auth: { ${FUNCTION}, Properties: { FunctionName: the-auth, ${SETTINGS} } }
  Order:
    ${FUNCTION}
    Properties:
      ${SETTINGS.replace(', ', '\n      ')}
      Events:
        Guarded: { Type: ${kind}, Properties: { ${idKey}: !Ref Shop, Path: /, Method: get${event} } }
        Open: { Type: ${kind}, Properties: { ${idKey}: !Ref Shop, Path: /open, Method: get, Auth: { Authorizer: NONE } } }
`,
    });
  const HTTP = { kind: 'HttpApi', idKey: 'ApiId' };
  const REST = { kind: 'Api', idKey: 'RestApiId' };
  const httpApi = (auth: string) =>
    `{ Type: AWS::Serverless::HttpApi, Properties: { Auth: { DefaultAuthorizer: Mine, Authorizers: { Mine: ${auth} } } } }`;
  const restApi = (auth: string, more = '') =>
    `{ Type: AWS::Serverless::Api, Properties: { StageName: v1, Auth: { DefaultAuthorizer: Mine, Authorizers: { Mine: ${auth} } ${more} } }`;

  it('gives the default authorizer to every route that does not say NONE', () => {
    const auth =
      '{ FunctionArn: !GetAtt Auth.Arn, AuthorizerPayloadFormatVersion: 2.0, EnableSimpleResponses: true, Identity: { Headers: [Authorization], QueryStrings: [q], Context: [path], ReauthorizeEvery: 30 } }';
    expect(readSam(httpApi(auth), HTTP)).toEqual({
      routes: {
        '/': {
          authorizer: {
            kind: 'lambda',
            name: 'Mine',
            functionName: 'Auth',
            input: '2.0',
            simpleResponses: true,
            identitySources: [HEADER, '$request.querystring.q', '$context.path'],
            ttlMs: 30_000,
          },
        },
        '/open': {},
      },
      warnings: [],
    });
  });

  it('reads a JWT authorizer with its scopes, which an event can replace', () => {
    const auth = `{ JwtConfiguration: { issuer: "${POOL}", audience: [a] }, IdentitySource: ${HEADER}, AuthorizationScopes: [read] }`;
    const authorizer = {
      kind: 'jwt',
      name: 'Mine',
      identitySource: HEADER,
      issuers: [POOL],
      audience: ['a'],
    };
    expect(readSam(httpApi(auth), HTTP).routes['/']).toEqual({
      authorizer,
      authorizationScopes: ['read'],
    });
    const event = ', Auth: { AuthorizationScopes: [write] }';
    expect(readSam(httpApi(auth), { ...HTTP, event }).routes['/']).toEqual({
      authorizer,
      authorizationScopes: ['write'],
    });
  });

  it('reads TOKEN and REQUEST authorizers of a REST API', () => {
    const lambdaOf = (auth: string) => readSam(restApi(auth, '}'), REST).routes['/']?.authorizer;
    const arn = 'FunctionArn: !GetAtt Auth.Arn';
    const common = { kind: 'lambda', name: 'Mine', functionName: 'Auth' };

    expect(lambdaOf(`{ ${arn} }`)).toEqual({
      ...common,
      input: 'TOKEN',
      identitySources: [TOKEN],
      ttlMs: 300_000,
    });
    expect(
      lambdaOf(
        `{ ${arn}, Identity: { Header: X, ValidationExpression: a.*, ReauthorizeEvery: 0 } }`,
      ),
    ).toEqual({
      ...common,
      input: 'TOKEN',
      identitySources: ['method.request.header.X'],
      tokenPattern: 'a.*',
      ttlMs: 0,
    });
    expect(
      lambdaOf(
        `{ ${arn}, FunctionPayloadType: REQUEST, Identity: { Headers: [X], QueryStrings: [q], Context: [httpMethod] } }`,
      ),
    ).toEqual({
      ...common,
      input: 'REQUEST',
      identitySources: [
        'method.request.header.X',
        'method.request.querystring.q',
        'context.httpMethod',
      ],
      ttlMs: 300_000,
    });
  });

  it('checks tokens of user pools', () => {
    expect(readSam(restApi(`{ UserPoolArn: "${POOL_ARN}" }`, '}'), REST).routes['/']).toEqual({
      authorizer: { kind: 'jwt', name: 'Mine', identitySource: TOKEN, issuers: [POOL] },
    });
  });

  it('guards the preflight of a REST API, unless that is switched off', () => {
    const cors = 'Cors: "\'*\'"';
    const auth = '{ FunctionArn: !GetAtt Auth.Arn }';
    const guarded = readSam(restApi(auth, `}, ${cors}`), REST).routes;
    expect(guarded['OPTIONS /']).toHaveProperty('authorizer.functionName', 'Auth');
    const open = `, AddDefaultAuthorizerToCorsPreflight: false }, ${cors}`;
    expect(readSam(restApi(auth, open), REST).routes['OPTIONS /']).toEqual({});
  });

  it.each([
    [', Auth: { Authorizer: AWS_IAM }', 'AWS_IAM authorization is not emulated'],
    [
      ', Auth: { Authorizer: Other }',
      'The authorizer Other is not emulated, because its API has none',
    ],
    [
      '',
      'The authorizer Mine is not emulated, because its function Far.Arn is not one of this project',
    ],
  ])('lets requests through for %j, and says so', (event, warning) => {
    const auth = '{ FunctionArn: !GetAtt Far.Arn, AuthorizerPayloadFormatVersion: 1.0 }';
    const { routes, warnings } = readSam(httpApi(auth), { ...HTTP, event });
    expect(routes['/']).toEqual({});
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('AWS CDK', () => {
  const uriOf = (arn: unknown) => restIntegration(arn).Uri;
  const ARN = { 'Fn::GetAtt': ['Auth1234', 'Arn'] };

  const readCdkApp = (Resources: Record<string, { Type: string; Properties: object }>) =>
    read('manifest.json', {
      ...cdkOut(
        {
          Shop: {
            Resources: {
              Auth1234: lambda('Shop/Auth'),
              Order1234: lambda('Shop/Order'),
              ...(Resources as object),
            },
          },
        },
        { assets: ['code'] },
      ),
    });

  const readHttpApi = (route: object, authorizer: object = {}) =>
    readCdkApp({
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Order1234', 'Arn'] },
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: 'GET /',
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
          ...route,
        },
      },
      Authorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: { ApiId: { Ref: 'Api' }, Name: 'Mine', ...authorizer },
      },
    });

  it('asks the function of an HttpLambdaAuthorizer', () => {
    expect(
      readHttpApi(
        { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } },
        {
          AuthorizerType: 'REQUEST',
          AuthorizerPayloadFormatVersion: '2.0',
          AuthorizerResultTtlInSeconds: 300,
          AuthorizerUri: uriOf(ARN),
          EnableSimpleResponses: true,
          IdentitySource: [HEADER],
        },
      ),
    ).toEqual({
      routes: {
        '/': {
          authorizer: {
            kind: 'lambda',
            name: 'Mine',
            functionName: 'Auth',
            input: '2.0',
            simpleResponses: true,
            identitySources: [HEADER],
            ttlMs: 300_000,
          },
        },
      },
      warnings: [],
    });
  });

  it('reads an HttpJwtAuthorizer', () => {
    expect(
      readHttpApi(
        {
          AuthorizationType: 'JWT',
          AuthorizerId: { Ref: 'Authorizer' },
          AuthorizationScopes: ['read'],
        },
        {
          AuthorizerType: 'JWT',
          IdentitySource: [HEADER],
          JwtConfiguration: { Issuer: POOL, Audience: ['a'] },
        },
      ).routes,
    ).toEqual({
      '/': {
        authorizer: {
          kind: 'jwt',
          name: 'Mine',
          identitySource: HEADER,
          issuers: [POOL],
          audience: ['a'],
        },
        authorizationScopes: ['read'],
      },
    });
  });

  it.each([
    [{ AuthorizationType: 'AWS_IAM' }, 'AWS_IAM authorization is not emulated'],
    [
      { AuthorizationType: 'CUSTOM', AuthorizerId: 'a1b2' },
      'The authorizer a1b2 is not emulated, because it is not one of this app',
    ],
    [
      { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } },
      'The authorizer Mine is not emulated, because its function arn:aws:apigateway:',
    ],
  ])('lets requests through for %o, and says so', (route, warning) => {
    const far = 'arn:aws:lambda:us-east-1:123456789012:function:far';
    const { routes, warnings } = readHttpApi(route, { AuthorizerUri: uriOf(far) });
    expect(routes).toEqual({ '/': {} });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  const readRestApi = (type: string, authorizer: object) =>
    readCdkApp({
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: { Ref: 'Api' },
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'GET',
          AuthorizationType: type,
          AuthorizerId: { Ref: 'Authorizer' },
          Integration: restIntegration({ 'Fn::GetAtt': ['Order1234', 'Arn'] }),
        },
      },
      Authorizer: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: { RestApiId: { Ref: 'Api' }, Name: 'Mine', ...authorizer },
      },
    }).routes;

  it('asks the functions of a TokenAuthorizer and a RequestAuthorizer', () => {
    expect(
      readRestApi('CUSTOM', {
        Type: 'TOKEN',
        AuthorizerUri: uriOf(ARN),
        IdentitySource: TOKEN,
        IdentityValidationExpression: 'a.*',
      }),
    ).toEqual({
      '/': {
        authorizer: {
          kind: 'lambda',
          name: 'Mine',
          functionName: 'Auth',
          input: 'TOKEN',
          identitySources: [TOKEN],
          tokenPattern: 'a.*',
          ttlMs: 300_000,
        },
      },
    });
    expect(
      readRestApi('CUSTOM', {
        Type: 'REQUEST',
        AuthorizerUri: uriOf(ARN),
        IdentitySource: `${TOKEN},method.request.querystring.q`,
        AuthorizerResultTtlInSeconds: 0,
      }),
    ).toMatchObject({
      '/': {
        authorizer: {
          input: 'REQUEST',
          identitySources: [TOKEN, 'method.request.querystring.q'],
          ttlMs: 0,
        },
      },
    });
  });

  it('decodes the tokens of a CognitoUserPoolsAuthorizer', () => {
    expect(
      readRestApi('COGNITO_USER_POOLS', {
        Type: 'COGNITO_USER_POOLS',
        IdentitySource: TOKEN,
        ProviderARNs: [{ 'Fn::GetAtt': ['Pool', 'Arn'] }],
      }),
    ).toEqual({ '/': { authorizer: { kind: 'jwt', name: 'Mine', identitySource: TOKEN } } });
  });
});
