// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of project files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda, restIntegration } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

const ANY_KEY = 'The project has no API keys, so routes that need one take any x-api-key here.';
const unknownKeys = (names: string) =>
  `Only AWS knows the values of the API keys ${names}, so routes that need a key take any x-api-key here. Give the keys values to have them checked.`;

/** What the first API and its routes ask of requests, and the warnings. */
function read(file: string, files: Readonly<Record<string, string>>) {
  const folder = projectFolder({ 'index.js': '', ...files });
  const { apis, warnings } = readProject(join(folder, file), { env: {} });
  const [api] = apis;
  return {
    apiKeys: api?.apiKeys,
    apiKeySource: api?.apiKeySource,
    routes: Object.fromEntries(
      (api?.routes ?? []).map(({ method, path, needsApiKey, validation }) => [
        `${method} ${path}`,
        { ...(needsApiKey && { needsApiKey }), ...(validation && { validation }) },
      ]),
    ),
    warnings,
  };
}

describe('Serverless Framework', () => {
  const readHttp = (event: string, apiGateway = '{}', rest = '', files = {}) =>
    read('serverless.yml', {
      'serverless.yml': `
service: shop
provider: { name: aws, runtime: nodejs24.x, apiGateway: ${apiGateway} }
functions:
  order:
    handler: index.handler
    events: [{ http: ${event} }]
${rest}`,
      ...files,
    });
  const PRIVATE = '{ method: GET, path: /, private: true, cors: true }';

  it('has keys with values, also by usage plan, and not those that are switched off', () => {
    const { apiKeys, routes, warnings } = readHttp(
      PRIVATE,
      '{ apiKeys: [{ name: a, value: value-of-a }, { free: [{ name: b, value: value-of-b }] }, { name: c, value: value-of-c, enabled: false }] }',
    );

    expect(apiKeys).toEqual(['value-of-a', 'value-of-b']);
    expect(routes).toEqual({ 'GET /': { needsApiKey: true }, 'OPTIONS /': {} });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['{}', ANY_KEY],
    ['{ apiKeys: [a, { name: b }, { name: c, value: value-of-c }] }', unknownKeys('a, b')],
  ])('takes any key when only AWS knows one: %s', (apiGateway, warning) => {
    const { apiKeys, warnings } = readHttp(PRIVATE, apiGateway);

    expect(apiKeys).toBeUndefined();
    expect(warnings).toEqual([warning]);
  });

  it('has the keys among its resources', () => {
    const { apiKeys } = readHttp(
      PRIVATE,
      '{}',
      'resources: { Resources: { Mine: { Type: AWS::ApiGateway::ApiKey, Properties: { Value: "${self:custom.key}" } } } }\ncustom: { key: value-of-mine }',
    );

    expect(apiKeys).toEqual(['value-of-mine']);
  });

  it('takes keys from authorizers where it says so', () => {
    expect(readHttp(PRIVATE, '{ apiKeySourceType: AUTHORIZER }').apiKeySource).toBe('AUTHORIZER');
  });

  it('checks parameters that are required', () => {
    const { routes } = readHttp(
      '{ method: GET, path: "/{id}", request: { parameters: { querystrings: { a: true, b: false, c: { required: true }, d: { required: false } }, headers: { X-E: true }, paths: { id: true } } } }',
    );

    expect(routes).toEqual({
      'GET /{id}': {
        validation: {
          parameters: [
            'method.request.querystring.a',
            'method.request.querystring.c',
            'method.request.header.X-E',
            'method.request.path.id',
          ],
        },
      },
    });
  });

  it.each([
    ['a schema', '{ type: object }'],
    ['a file', '${file(order.json)}'],
    ['a map with a schema', '{ name: Order, schema: "${file(order.json)}" }'],
    ['the name of a schema of the provider', 'order'],
  ])('checks bodies with %s', (_, schema) => {
    const { routes, warnings } = readHttp(
      `{ method: POST, path: /, request: { schemas: { application/json: "${schema}" } } }`.replace(
        /"(\{.*\})"/,
        '$1',
      ),
      '{ request: { schemas: { order: { name: Order, schema: "${file(order.json)}" } } } }',
      '',
      {
        'order.json': '{ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object" }',
      },
    );

    expect(warnings).toEqual([]);
    expect(routes).toEqual({
      'POST /': {
        validation: { body: { 'application/json': { type: 'object', definitions: {} } } },
      },
    });
  });
});

describe('SAM', () => {
  const readApi = (event: string, api = '', resources = '') =>
    read('template.yaml', {
      'template.yaml': `
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: { StageName: dev ${api} }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Order: { Type: Api, Properties: { RestApiId: !Ref Shop, Method: POST, Path: / ${event} } }
  ${resources}
`,
    });
  const MINE =
    'Mine: { Type: AWS::ApiGateway::ApiKey, Properties: { Enabled: true, Value: value-of-mine } }';

  it('asks for a key where the event says so', () => {
    const { apiKeys, routes, warnings } = readApi(', Auth: { ApiKeyRequired: true }', '', MINE);

    expect(apiKeys).toEqual(['value-of-mine']);
    expect(routes).toEqual({ 'POST /': { needsApiKey: true } });
    expect(warnings).toEqual([]);
  });

  it('asks for a key where the API says so, for OPTIONS too unless it is told not to', () => {
    const cors = ', Cors: "\'*\'", Auth: { ApiKeyRequired: true';

    expect(readApi('', `${cors} }`).routes).toEqual({
      'POST /': { needsApiKey: true },
      'OPTIONS /': { needsApiKey: true },
    });
    expect(readApi('', `${cors}, AddApiKeyRequiredToCorsPreflight: false }`).routes).toEqual({
      'POST /': { needsApiKey: true },
      'OPTIONS /': {},
    });
    expect(readApi(', Auth: { ApiKeyRequired: false }', `${cors} }`).routes).toMatchObject({
      'POST /': {},
    });
  });

  it.each([
    ['', ANY_KEY],
    [MINE.replace(', Value: value-of-mine', ''), unknownKeys('Mine')],
    [MINE.replace('value-of-mine', '"{{resolve:secretsmanager:key}}"'), unknownKeys('Mine')],
  ])('takes any key when only AWS knows the value: %s', (resources, warning) => {
    const { apiKeys, warnings } = readApi(', Auth: { ApiKeyRequired: true }', '', resources);

    expect(apiKeys).toBeUndefined();
    expect(warnings).toEqual([warning]);
  });

  it('checks bodies and parameters where the request model says so', () => {
    const models =
      ", Models: { Order: { type: object, properties: { item: { $ref: '#/definitions/Item' } } }, Item: { type: string } }";
    const parameters =
      ', RequestParameters: [method.request.header.A, { method.request.querystring.b: { Required: true } }, { method.request.querystring.c: { Required: false } }]';

    expect(
      readApi(
        `, RequestModel: { Model: Order, ValidateBody: true, ValidateParameters: true }${parameters}`,
        models,
      ).routes['POST /'],
    ).toEqual({
      validation: {
        parameters: ['method.request.querystring.b'],
        body: {
          'application/json': {
            type: 'object',
            properties: { item: { $ref: '#/definitions/Item' } },
            definitions: {
              Order: { type: 'object', properties: { item: { $ref: '#/definitions/Item' } } },
              Item: { type: 'string' },
            },
          },
        },
      },
    });
    expect(readApi(`, RequestModel: { Model: Order }${parameters}`, models).routes).toEqual({
      'POST /': {},
    });
  });
});

describe('the CDK', () => {
  const readMethod = (
    method: Readonly<Record<string, unknown>>,
    more: Parameters<typeof cdkOut>[0][string]['Resources'] = {},
  ) =>
    read(
      'manifest.json',
      cdkOut(
        {
          Shop: {
            Resources: {
              Order: lambda('Shop/Order'),
              Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } },
              Post: {
                Type: 'AWS::ApiGateway::Method',
                Properties: {
                  HttpMethod: 'POST',
                  ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
                  RestApiId: { Ref: 'Api' },
                  Integration: restIntegration({ 'Fn::GetAtt': ['Order', 'Arn'] }),
                  ...method,
                },
              },
              ...more,
            },
          },
        },
        { assets: ['code'] },
      ),
    );

  it('asks for a key where the method says so', () => {
    const { apiKeys, routes } = readMethod(
      { ApiKeyRequired: true },
      { Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: 'value' } } },
    );

    expect(apiKeys).toEqual(['value']);
    expect(routes).toEqual({ 'POST /': { needsApiKey: true } });
  });

  it('checks what the validator of the method checks', () => {
    const model = (schema: unknown) => ({
      Type: 'AWS::ApiGateway::Model',
      Properties: { ContentType: 'application/json', RestApiId: { Ref: 'Api' }, Schema: schema },
    });
    const validator = (properties: Readonly<Record<string, unknown>>) => ({
      Type: 'AWS::ApiGateway::RequestValidator',
      Properties: { RestApiId: { Ref: 'Api' }, ...properties },
    });
    const asked = {
      RequestParameters: { 'method.request.querystring.a': true, 'method.request.header.b': false },
      RequestModels: { 'application/json': { Ref: 'OrderModel' } },
    };
    const resources = {
      ItemModel: model({ type: 'string' }),
      OrderModel: model({
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'array',
        items: {
          $ref: {
            'Fn::Join': [
              '',
              [
                'https://apigateway.amazonaws.com/restapis/',
                { Ref: 'Api' },
                '/models/',
                { Ref: 'ItemModel' },
              ],
            ],
          },
        },
      }),
      Both: validator({ ValidateRequestBody: true, ValidateRequestParameters: true }),
      Neither: validator({}),
    };

    const schema = { type: 'array', items: { $ref: '#/definitions/ItemModel' } };
    expect(readMethod({ ...asked, RequestValidatorId: { Ref: 'Both' } }, resources).routes).toEqual(
      {
        'POST /': {
          validation: {
            parameters: ['method.request.querystring.a'],
            body: {
              'application/json': {
                ...schema,
                definitions: { OrderModel: schema, ItemModel: { type: 'string' } },
              },
            },
          },
        },
      },
    );
    for (const RequestValidatorId of [{ Ref: 'Neither' }, undefined]) {
      expect(readMethod({ ...asked, RequestValidatorId }, resources).routes).toEqual({
        'POST /': {},
      });
    }
  });
});
