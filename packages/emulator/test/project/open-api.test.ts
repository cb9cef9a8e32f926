import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/project/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of CloudFormation.
const ORDER = 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Order.Arn}/x';

/** A definition in YAML; `uri` is in the words of CloudFormation. */
const definition = (more = '', uri = `{ 'Fn::Sub': '${ORDER}' }`) => `
openapi: 3.0.1
info: { title: shop, version: '1' }
paths:
  /orders/{id}:
    get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri} } }
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration:
        { type: AWS_PROXY, uri: ${uri}, timeoutInMillis: 5000, responseTransferMode: STREAM }
${more}`;

const indent = (text: string) => text.replaceAll('\n', '\n        ');

const sam = (type: string, properties: string, events = '{}') => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::${type}
    Properties: ${properties}
  Order:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: index.handler, Runtime: nodejs24.x, Events: ${events} }
`;

const inBody = (body: string) => `
      StageName: dev
      DefinitionBody: ${indent(body)}`;

const readSam = (template: string, files: Readonly<Record<string, string>> = {}): Project =>
  readProject(
    join(projectFolder({ 'template.yaml': template, 'index.js': '', ...files }), 'template.yaml'),
  );

const ROUTES = [
  { functionName: 'Order', method: 'GET', path: '/orders/{id}' },
  { functionName: 'Order', method: 'ANY', path: '/orders/{id}', timeoutMs: 5000, streams: true },
];

describe('an OpenAPI definition of SAM', () => {
  it('gives a REST API its routes and binary media types', () => {
    const body = definition('x-amazon-apigateway-binary-media-types: [image/png]');
    const { apis, warnings } = readSam(sam('Api', inBody(body)));

    expect(apis).toEqual([
      {
        name: 'Shop',
        protocol: 'rest',
        stage: 'dev',
        binaryMediaTypes: ['image/png'],
        routes: ROUTES,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('may be a file, by DefinitionUri or AWS::Include, which --watch looks at', () => {
    const files = { 'api.yaml': definition('', 'arn:aws:lambda:x:1:function:Order') };
    const byUri = readSam(sam('Api', '{ StageName: dev, DefinitionUri: api.yaml }'), files);
    expect(byUri.apis[0]?.routes).toHaveLength(2);
    expect(byUri.files).toContainEqual(expect.stringMatching(/\/api\.yaml$/));

    const include = '{ Name: AWS::Include, Parameters: { Location: ./api.yaml } }';
    const included = readSam(
      sam('Api', `{ StageName: dev, DefinitionBody: { Fn::Transform: ${include} } }`),
      { 'api.yaml': definition() },
    );
    expect(included.apis[0]?.routes).toHaveLength(2);
  });

  it('in S3 is named in a warning', () => {
    const { apis, warnings } = readSam(
      sam('Api', "{ StageName: dev, DefinitionUri: 's3://bucket/api.yaml' }"),
    );
    expect(apis).toEqual([]);
    expect(warnings.join()).toContain('not a file on this machine');
  });

  it('and an event of a function may have the same route', () => {
    const events =
      "{ Get: { Type: Api, Properties: { RestApiId: !Ref Shop, Method: GET, Path: '/orders/{id}' } } }";
    const { apis } = readSam(sam('Api', inBody(definition()), events));
    expect(apis[0]?.routes.map(({ method }) => method)).toEqual(['GET', 'ANY']);
  });

  it('gives an HTTP API its payload format and its catch-all route', () => {
    const proxy = `type: aws_proxy, uri: { 'Fn::Sub': '${ORDER}' }`;
    const { apis } = readSam(
      sam(
        'HttpApi',
        inBody(`
openapi: 3.0.1
paths:
  /one: { get: { x-amazon-apigateway-integration: { ${proxy}, payloadFormatVersion: 1.0 } } }
  /$default:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: { ${proxy}, payloadFormatVersion: '2.0' }`),
      ),
    );
    expect(apis[0]?.routes).toEqual([
      { functionName: 'Order', method: 'GET', path: '/one', payloadFormat: '1.0' },
      { functionName: 'Order', method: 'ANY', path: '$default' },
    ]);
  });

  it('names other integrations, which are not emulated', () => {
    const { apis, warnings } = readSam(
      sam(
        'Api',
        inBody(`
openapi: 3.0.1
paths:
  /mock: { get: { x-amazon-apigateway-integration: { type: mock } } }
  /other: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: 'arn:aws:lambda:x:1:function:other' } } }`),
      ),
    );
    expect(apis).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('The integration mock of GET /mock is not emulated'),
      expect.stringContaining('The integration aws_proxy of GET /other is not emulated'),
    ]);
  });
});

const PROXY = `x-amazon-apigateway-integration: { type: aws_proxy, uri: 'arn:aws:lambda:x:1:function:Order' }`;
const AUTHORIZER_URI = "authorizerUri: 'arn:aws:lambda:x:1:function:Order'";

/** What a definition asks of requests, by route, and the warnings. */
function readChecks(type: 'Api' | 'HttpApi', body: string) {
  const { apis, warnings } = readSam(sam(type, inBody(body)));
  const [api] = apis;
  return {
    api,
    routes: Object.fromEntries(
      (api?.routes ?? []).map(
        ({ method, path, functionName: _, payloadFormat: __, preflight: ___, ...checks }) => [
          `${method} ${path}`,
          checks,
        ],
      ),
    ),
    warnings,
  };
}

describe('security of an OpenAPI definition', () => {
  it('of a REST API asks functions, Cognito and for API keys; an operation can change it', () => {
    const { routes, warnings } = readChecks(
      'Api',
      `
openapi: 3.0.1
security: [{ mine: [] }]
components:
  securitySchemes:
    mine:
      { type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: { type: token, ${AUTHORIZER_URI}, identityValidationExpression: '^a', authorizerResultTtlInSeconds: 60 } }
    request:
      { type: apiKey, in: header, name: Unused, x-amazon-apigateway-authorizer: { type: request, ${AUTHORIZER_URI}, identitySource: 'method.request.header.A, context.stage' } }
    pool:
      { type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc'] } }
    key: { type: apiKey, in: header, name: x-api-key }
    documented: { type: http, scheme: bearer }
paths:
  /default: { get: { ${PROXY} } }
  /request: { get: { security: [{ request: [] }], ${PROXY} } }
  /pool: { get: { security: [{ pool: [orders/read], key: [] }], ${PROXY} } }
  /key: { get: { security: [{ key: [] }], ${PROXY} } }
  /open: { get: { security: [], ${PROXY} } }
  /documented: { get: { security: [{ documented: [] }], ${PROXY} } }`,
    );

    const asked = { kind: 'lambda', functionName: 'Order' };
    expect(routes).toEqual({
      'GET /default': {
        authorizer: {
          ...asked,
          name: 'mine',
          input: 'TOKEN',
          identitySources: ['method.request.header.X-Token'],
          tokenPattern: '^a',
          ttlMs: 60_000,
        },
      },
      'GET /request': {
        authorizer: {
          ...asked,
          name: 'request',
          input: 'REQUEST',
          identitySources: ['method.request.header.A', 'context.stage'],
          ttlMs: 300_000,
        },
      },
      'GET /pool': {
        authorizer: {
          kind: 'jwt',
          name: 'pool',
          identitySource: 'method.request.header.Authorization',
          issuers: ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc'],
        },
        authorizationScopes: ['orders/read'],
        needsApiKey: true,
      },
      'GET /key': { needsApiKey: true },
      'GET /open': {},
      'GET /documented': {},
    });
    expect(warnings).toEqual([expect.stringContaining('The project has no API keys')]);
  });

  it('of an HTTP API asks functions and checks tokens', () => {
    const { routes, warnings } = readChecks(
      'HttpApi',
      `
openapi: 3.0.1
components:
  securitySchemes:
    mine:
      { type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authorizer: { type: request, ${AUTHORIZER_URI}, identitySource: $request.header.X-Token, authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true, authorizerResultTtlInSeconds: 5 } }
    tokens:
      { type: oauth2, x-amazon-apigateway-authorizer: { type: jwt, jwtConfiguration: { issuer: 'https://issuer', audience: [shop] }, identitySource: $request.header.Authorization } }
paths:
  /mine: { get: { security: [{ mine: [] }], ${PROXY} } }
  /tokens: { get: { security: [{ tokens: [read] }], ${PROXY} } }`,
    );

    expect(routes).toEqual({
      'GET /mine': {
        authorizer: {
          kind: 'lambda',
          functionName: 'Order',
          name: 'mine',
          input: '2.0',
          simpleResponses: true,
          identitySources: ['$request.header.X-Token'],
          ttlMs: 5000,
        },
      },
      'GET /tokens': {
        authorizer: {
          kind: 'jwt',
          name: 'tokens',
          identitySource: '$request.header.Authorization',
          issuers: ['https://issuer'],
          audience: ['shop'],
        },
        authorizationScopes: ['read'],
      },
    });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['an operation', '', 'x-amazon-apigateway-auth: { type: AWS_IAM }, '],
    [
      'a scheme',
      'components: { securitySchemes: { iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 } } }',
      'security: [{ iam: [] }], ',
    ],
  ])('by AWS_IAM is named in a warning: %s', (_, schemes, security) => {
    const { routes, warnings } = readChecks(
      'Api',
      `
openapi: 3.0.1
${schemes}
paths:
  /: { get: { ${security}${PROXY} } }`,
    );

    expect(routes).toEqual({ 'GET /': {} });
    expect(warnings).toEqual([expect.stringContaining('AWS_IAM authorization is not emulated')]);
  });

  it('an API with a default authorizer of SAM wins', () => {
    const template = sam(
      'Api',
      `
      StageName: dev
      Auth: { DefaultAuthorizer: ofSam, Authorizers: { ofSam: { FunctionArn: !GetAtt Order.Arn } } }
      DefinitionBody: ${indent(`
openapi: 3.0.1
paths: { /: { get: { ${PROXY} } } }`)}`,
    );

    expect(readSam(template).apis[0]?.routes).toMatchObject([{ authorizer: { name: 'ofSam' } }]);
  });
});

describe('OPTIONS and CORS of an OpenAPI definition', () => {
  it('a mock integration of a REST API answers OPTIONS', () => {
    const { api, warnings } = readChecks(
      'Api',
      `
openapi: 3.0.1
paths:
  /orders:
    get: { ${PROXY} }
    options:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: { application/json: '{"statusCode": 204}' }
        responses:
          default:
            statusCode: '204'
            responseParameters:
              method.response.header.Access-Control-Allow-Origin: "'https://a.example'"
              method.response.header.Access-Control-Allow-Methods: "'GET,OPTIONS'"`,
    );

    expect(api?.routes).toMatchObject([
      { method: 'GET', path: '/orders' },
      {
        method: 'OPTIONS',
        path: '/orders',
        functionName: 'Order',
        preflight: {
          statusCode: 204,
          headers: {
            'access-control-allow-origin': 'https://a.example',
            'access-control-allow-methods': 'GET,OPTIONS',
          },
        },
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('an HTTP API has its CORS headers', () => {
    const { api } = readChecks(
      'HttpApi',
      `
openapi: 3.0.1
x-amazon-apigateway-cors: { allowOrigins: ['https://a.example'], allowMethods: [GET], allowHeaders: [x-a], exposeHeaders: [x-b], allowCredentials: true, maxAge: 60 }
paths: { /: { get: { ${PROXY} } } }`,
    );

    expect(api?.cors).toEqual({
      allowOrigins: ['https://a.example'],
      allowMethods: ['GET'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-b'],
      allowCredentials: true,
      maxAge: 60,
    });
  });
});

describe('request validators of an OpenAPI definition', () => {
  const VALIDATORS =
    'x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true }, none: {} }';
  const ORDER = { $ref: '#/definitions/Order' };
  const validation = {
    parameters: ['method.request.path.id', 'method.request.querystring.page'],
    body: {
      'application/json': { ...ORDER, definitions: { Order: { type: 'object' } } },
    },
  };

  it.each([
    [
      'version 3',
      `
openapi: 3.0.1
components: { schemas: { Order: { type: object } } }`,
      "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }",
      '',
    ],
    [
      'version 2',
      `
swagger: '2.0'
definitions: { Order: { type: object } }`,
      '',
      ", { in: body, name: Order, schema: { $ref: '#/definitions/Order' } }",
    ],
  ])('check parameters and bodies: %s', (_, head, body, parameter) => {
    const { routes, warnings } = readChecks(
      'Api',
      `${head}
${VALIDATORS}
x-amazon-apigateway-request-validator: all
paths:
  /orders/{id}:
    parameters: [{ in: path, name: id, required: true }, { in: header, name: X-Optional }]
    post:
      parameters: [{ in: query, name: page, required: true }${parameter}]
      ${body}
      ${PROXY}
    get: { x-amazon-apigateway-request-validator: none, ${PROXY} }`,
    );

    expect(routes).toEqual({ 'POST /orders/{id}': { validation }, 'GET /orders/{id}': {} });
    expect(warnings).toEqual([]);
  });
});

describe('an OpenAPI definition of the CDK', () => {
  const uri = {
    'Fn::Join': ['', ['x:lambda:path/x/functions/', { 'Fn::GetAtt': ['Order', 'Arn'] }]],
  };
  const Body = {
    openapi: '3.0.1',
    paths: {
      '/orders': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri } } },
    },
  };

  const readCdk = (api: object, files: Readonly<Record<string, string>> = {}) => {
    const Resources = { Order: lambda('Shop/Order'), Spec: api as never };
    const out = cdkOut({ Shop: { Resources } }, { assets: ['code'] });
    return readProject(join(projectFolder({ ...out, ...files }), 'manifest.json'));
  };

  it.each([
    ['SpecRestApi', 'AWS::ApiGateway::RestApi', 'rest', {}],
    ['CfnApi', 'AWS::ApiGatewayV2::Api', 'http', { payloadFormat: '1.0' }],
  ])('gives a %s its routes', (_, Type, protocol, more) => {
    const { apis, warnings } = readCdk({ Type, Properties: { Body } });
    const route = { functionName: 'Order', method: 'GET', path: '/orders', ...more };
    expect(apis).toMatchObject([{ name: 'Spec', protocol, routes: [route] }]);
    expect(warnings).toEqual([]);
  });

  it('may be an asset', () => {
    const { apis } = readCdk(
      {
        Type: 'AWS::ApiGateway::RestApi',
        Properties: { BodyS3Location: { Bucket: 'assets', Key: 'api.json' } },
        Metadata: { 'aws:asset:path': 'asset.api.yaml' },
      },
      { 'asset.api.yaml': definition('', 'arn:aws:lambda:x:1:function:Order') },
    );
    expect(apis[0]?.routes).toHaveLength(2);
  });
});
