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

  it('names what is not emulated: other integrations, security schemes', () => {
    const { apis, warnings } = readSam(
      sam(
        'Api',
        inBody(`
openapi: 3.0.1
security: [{ key: [] }]
paths:
  /mock: { get: { x-amazon-apigateway-integration: { type: mock } } }
  /other: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: 'arn:aws:lambda:x:1:function:other' } } }`),
      ),
    );
    expect(apis).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('Security schemes of OpenAPI definitions are not emulated'),
      expect.stringContaining('The integration mock of GET /mock is not emulated'),
      expect.stringContaining('The integration aws_proxy of GET /other is not emulated'),
    ]);
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
