import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/project/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda, restIntegration } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

type Parameters = Partial<globalThis.Parameters<typeof cdkOut>[1]>;
type Resources = globalThis.Parameters<typeof cdkOut>[0][string]['Resources'];

function read(
  stacks: globalThis.Parameters<typeof cdkOut>[0],
  options: Parameters = {},
): Project & { folder: string } {
  const folder = projectFolder(cdkOut(stacks, { assets: ['code'], ...options }));
  return { ...readProject(join(folder, 'manifest.json')), folder };
}

const readShop = (Resources: Resources, options?: Parameters) =>
  read({ Shop: { Resources } }, options);

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('a function of a CDK app', () => {
  it('has the defaults of Lambda, and the name of its construct', () => {
    const project = readShop({ ReportC847FC22: lambda('Shop/Report') });

    expect(project.functions).toEqual([
      {
        name: 'Report',
        deployedName: 'ReportC847FC22',
        code: join(project.folder, 'asset.code'),
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        layers: [],
        environment: {},
        timeoutMs: 3000,
        memoryMiB: 128,
        hasUrl: false,
      },
    ]);
    expect(project.warnings).toEqual([]);
  });

  it('has its own settings, layers, variables and URL', () => {
    const project = readShop(
      {
        Report: lambda('Shop/Report', {
          FunctionName: 'report',
          Timeout: 60,
          MemorySize: 512,
          ReservedConcurrentExecutions: 2,
          Layers: [{ Ref: 'Tools' }],
          Environment: { Variables: { LEVEL: 'debug', COUNT: 1 } },
        }),
        Tools: {
          Type: 'AWS::Lambda::LayerVersion',
          Properties: { Content: { S3Bucket: 'assets', S3Key: 'tools.zip' } },
          Metadata: { 'aws:asset:path': 'asset.tools' },
        },
        Url: {
          Type: 'AWS::Lambda::Url',
          Properties: { AuthType: 'NONE', TargetFunctionArn: arn('Report') },
        },
      },
      { assets: ['code', 'tools'] },
    );

    expect(project.functions).toMatchObject([
      {
        name: 'Report',
        deployedName: 'report',
        timeoutMs: 60_000,
        memoryMiB: 512,
        maxConcurrency: 2,
        layers: [join(project.folder, 'asset.tools')],
        environment: { LEVEL: 'debug', COUNT: '1' },
        hasUrl: true,
      },
    ]);
  });

  it('is found by its key in S3 when the app did not write the path of the asset', () => {
    const { Metadata: _, ...report } = lambda('Shop/Report');
    const project = readShop({ Report: report });
    expect(project.functions[0]?.code).toBe(join(project.folder, 'asset.code'));
  });

  it('can be inline', () => {
    const ZipFile = 'exports.handler = async () => 1';
    const project = readShop({ Report: lambda('Shop/Report', { Code: { ZipFile } }) });
    expect(project.functions[0]).toMatchObject({ inlineCode: ZipFile });
  });

  it('gets a name that fits, without a warning, where the app gives it none', () => {
    const id = `${'Report'.repeat(12)}1A2B3C4D`;
    const { functions, warnings } = readShop({ [id]: lambda(`Shop/${id}`) });

    expect(functions[0]?.deployedName).toBe(id.slice(-64));
    expect(warnings).toEqual([]);
  });

  it('has as much of its path in the name as tells it apart', () => {
    const { functions } = readShop({
      A: lambda('Shop/Worker/Handler'),
      B: lambda('Shop/Mailer/Handler'),
      C: lambda('Shop/Report'),
    });
    expect(functions.map(({ name }) => name)).toEqual([
      'Worker-Handler',
      'Mailer-Handler',
      'Report',
    ]);
  });

  it('can be called by its name and ARN, which variables of others hold', () => {
    const project = readShop({
      Report: lambda('Shop/Report'),
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Report' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: { Ref: 'Report' }, Name: 'live' },
      },
      Caller: lambda('Shop/Caller', {
        Environment: {
          Variables: {
            NAME: { Ref: 'Report' },
            ARN: arn('Report'),
            VERSION: { Ref: 'Version' },
            ALIAS: { Ref: 'Live' },
          },
        },
      }),
    });
    const reportArn = 'arn:aws:lambda:us-east-1:123456789012:function:Report';
    expect(project.functions[1]?.environment).toEqual({
      NAME: 'Report',
      ARN: reportArn,
      VERSION: `${reportArn}:$LATEST`,
      ALIAS: `${reportArn}:live`,
    });
    expect(project.warnings).toEqual([]);
  });

  it('gets names for resources that exist only in AWS, and a warning says which variables hold them', () => {
    const project = readShop(
      {
        Clicks: { Type: 'AWS::Kinesis::Stream' },
        Report: lambda('Shop/Report', {
          Role: arn('Role'),
          Environment: {
            Variables: {
              STREAM: { Ref: 'Clicks' },
              URL: { 'Fn::Join': ['', ['https://', { Ref: 'AWS::Region' }, '.example']] },
            },
          },
        }),
      },
      { region: 'eu-west-1' },
    );

    expect(project.functions[0]?.environment).toEqual({
      STREAM: 'Clicks',
      URL: 'https://eu-west-1.example',
    });
    expect(project.warnings).toEqual([expect.stringContaining('STREAM (Clicks).')]);
  });

  it.each([
    ['a container image', { PackageType: 'Image', Code: { ImageUri: 'x' } }, 'container image'],
    ['another language', { Runtime: 'python3.13' }, 'python3.13'],
    ['a handler without a file', { Handler: 'app.handler' }, 'app.handler'],
  ])('does not stop the others when it is %s', (_, properties, problem) => {
    const project = readShop({ Bad: lambda('Shop/Bad', properties), Good: lambda('Shop/Good') });

    expect(project.functions.map(({ name }) => name)).toEqual(['Good']);
    expect(project.unusable).toMatchObject([{ name: 'Bad', hasUrl: false }]);
    expect(project.warnings).toEqual([expect.stringContaining(problem)]);
    expect(project.warnings[0]).toMatch(/Its routes answer 502\.$/);
  });

  it('gets the name of a parameter in SSM, and a warning says so', () => {
    const { functions, warnings } = read({
      Shop: {
        Parameters: {
          Table: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shop/table' },
        },
        Resources: {
          Report: lambda('Shop/Report', {
            Environment: { Variables: { TABLE: { Ref: 'Table' } } },
          }),
        },
      },
    });
    expect(functions[0]?.environment).toEqual({ TABLE: '/shop/table' });
    expect(warnings).toEqual([
      'The parameter Table is looked up in AWS; here it holds the name /shop/table.',
    ]);
  });

  it('is left out when it only serves a custom resource', () => {
    const { functions } = readShop({
      Good: lambda('Shop/Good'),
      AWS679: lambda('Shop/AWS679'),
      Custom: { Type: 'Custom::AWS', Properties: { ServiceToken: arn('AWS679') } },
    });
    expect(functions.map(({ name }) => name)).toEqual(['Good']);
  });
});

describe('the routes of a CDK app', () => {
  it('are those of its HTTP APIs', () => {
    const { apis } = readShop({
      Report: lambda('Shop/Report'),
      ApiF70053CD: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: {
          Name: 'Api',
          ProtocolType: 'HTTP',
          CorsConfiguration: { AllowOrigins: ['https://a.example'], MaxAge: 60 },
        },
        Metadata: { 'aws:cdk:path': 'Shop/Api/Resource' },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'ApiF70053CD' }, StageName: 'v1' },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'ApiF70053CD' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: arn('Report'),
          PayloadFormatVersion: '2.0',
          TimeoutInMillis: 5000,
        },
      },
      Get: httpRoute('GET /report/{id}'),
      Rest: httpRoute('$default'),
    });

    expect(apis).toEqual([
      {
        name: 'Api',
        protocol: 'http',
        stage: 'v1',
        cors: { allowOrigins: ['https://a.example'], maxAge: 60 },
        routes: [
          { method: 'GET', path: '/report/{id}', functionName: 'Report', timeoutMs: 5000 },
          { method: 'ANY', path: '$default', functionName: 'Report', timeoutMs: 5000 },
        ],
      },
    ]);
  });

  const httpRoute = (RouteKey: string) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'ApiF70053CD' },
      AuthorizationType: 'NONE',
      RouteKey,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  });

  it('are those of its REST APIs, with the path of all resources above', () => {
    const { apis } = readShop({
      Report: lambda('Shop/Report'),
      ...restApi,
      Items: restResource('items', { 'Fn::GetAtt': ['Rest', 'RootResourceId'] }),
      Item: restResource('{id}', { Ref: 'Items' }),
      GetItem: restMethod('GET', { Ref: 'Item' }, restIntegration(arn('Report'))),
      Root: restMethod(
        'ANY',
        { 'Fn::GetAtt': ['Rest', 'RootResourceId'] },
        restIntegration(arn('Report')),
      ),
    });

    expect(apis).toEqual([
      {
        name: 'Rest',
        protocol: 'rest',
        stage: 'prod',
        binaryMediaTypes: ['image/png'],
        routes: [
          { method: 'GET', path: '/items/{id}', functionName: 'Report' },
          { method: 'ANY', path: '/', functionName: 'Report' },
        ],
      },
    ]);
  });

  it('include the answer to OPTIONS that the CDK sets up', () => {
    const root = { 'Fn::GetAtt': ['Rest', 'RootResourceId'] };
    const { apis } = readShop({
      Report: lambda('Shop/Report'),
      ...restApi,
      Get: restMethod('GET', root, restIntegration(arn('Report'))),
      Options: restMethod('OPTIONS', root, {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: {
              'method.response.header.Access-Control-Allow-Headers': "'Content-Type,X-Api-Key'",
              'method.response.header.Access-Control-Allow-Origin': "'https://a.example'",
            },
            ResponseTemplates: {
              'application/json':
                '#set($origin = $input.params().header.get("Origin"))\n#if($origin == "")\n  #set($origin = $input.params().header.get("origin"))\n#end\n#if($origin == "https://b.example" || $origin == "https://c.example")\n  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n#end',
            },
          },
        ],
      }),
    });

    expect(apis[0]?.routes[1]).toEqual({
      method: 'OPTIONS',
      path: '/',
      functionName: 'Report',
      preflight: {
        statusCode: 204,
        headers: {
          'access-control-allow-headers': 'Content-Type,X-Api-Key',
          'access-control-allow-origin': 'https://a.example',
        },
        origins: ['https://b.example', 'https://c.example'],
      },
    });
  });

  it('answer 501 where a function is not behind a proxy integration, and are left out without a function', () => {
    const root = { 'Fn::GetAtt': ['Rest', 'RootResourceId'] };
    const { apis, warnings } = readShop({
      Report: lambda('Shop/Report'),
      ...restApi,
      Get: restMethod('GET', root, restIntegration(arn('Report'), 'AWS')),
      Post: restMethod('POST', root, { Type: 'HTTP_PROXY', Uri: 'https://a.example' }),
    });

    expect(apis[0]?.routes).toEqual([
      { method: 'GET', path: '/', functionName: 'Report', integration: 'AWS' },
    ]);
    expect(warnings).toEqual([
      expect.stringContaining(
        'The integration AWS of GET / is not emulated, so this route answers 501',
      ),
      expect.stringContaining(
        'The integration HTTP_PROXY of POST / is not emulated, so there is no such route',
      ),
    ]);
  });

  it('answer 502 when their function is not one of the app', () => {
    const { unusable, apis } = readShop({
      Report: lambda('Shop/Report'),
      ...restApi,
      Get: restMethod(
        'GET',
        { 'Fn::GetAtt': ['Rest', 'RootResourceId'] },
        restIntegration('arn:aws:lambda:eu-west-1:111122223333:function:elsewhere'),
      ),
    });
    expect(unusable).toMatchObject([{ name: 'elsewhere' }]);
    expect(apis[0]?.routes).toMatchObject([{ functionName: 'elsewhere' }]);
  });

  const restApi: Resources = {
    Rest: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: 'Rest', BinaryMediaTypes: ['image/png'] },
      Metadata: { 'aws:cdk:path': 'Shop/Rest/Resource' },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Rest' }, StageName: 'prod' },
    },
  };

  const restResource = (PathPart: string, ParentId: unknown) => ({
    Type: 'AWS::ApiGateway::Resource',
    Properties: { ParentId, PathPart, RestApiId: { Ref: 'Rest' } },
  });

  const restMethod = (HttpMethod: string, ResourceId: unknown, Integration: unknown) => ({
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      AuthorizationType: 'NONE',
      HttpMethod,
      ResourceId,
      RestApiId: { Ref: 'Rest' },
      Integration,
    },
  });
});

describe('the stacks of a CDK app', () => {
  it('use what others export', () => {
    const { functions } = read(
      {
        Shared: {
          Resources: {
            Tools: {
              Type: 'AWS::Lambda::LayerVersion',
              Metadata: { 'aws:asset:path': 'asset.tools' },
            },
          },
          Outputs: { Out: { Value: { Ref: 'Tools' }, Export: { Name: 'Shared:Tools' } } },
        },
        Shop: {
          Resources: {
            Report: lambda('Shop/Report', { Layers: [{ 'Fn::ImportValue': 'Shared:Tools' }] }),
          },
        },
      },
      { assets: ['code', 'tools'] },
    );
    expect(functions[0]?.layers).toEqual([expect.stringMatching(/asset\.tools$/)]);
  });

  it('give values to nested ones, and take theirs', () => {
    const { functions } = read({
      Shop: {
        Resources: {
          Report: lambda('Shop/Report'),
          Inner: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: { Parameters: { reportRef: { Ref: 'Report' } } },
            Metadata: { 'aws:asset:path': 'Inner.nested.template.json' },
          },
          Caller: lambda('Shop/Caller', {
            Environment: {
              Variables: { DEEP: { 'Fn::GetAtt': ['Inner', 'Outputs.DeepArn'] } },
            },
          }),
        },
      },
      'Inner.nested': {
        Parameters: { reportRef: { Type: 'String' } },
        Resources: {
          Deep: lambda('Shop/Inner/Deep', {
            Environment: { Variables: { REPORT: { Ref: 'reportRef' } } },
          }),
        },
        Outputs: { DeepArn: { Value: arn('Deep') } },
      },
    });

    expect(functions.map(({ name, environment }) => [name, environment])).toEqual([
      ['Report', {}],
      ['Caller', { DEEP: 'arn:aws:lambda:us-east-1:123456789012:function:Deep' }],
      ['Deep', { REPORT: 'Report' }],
    ]);
  });

  it('may be copies of each other', () => {
    const copy = (name: string) => ({
      Resources: {
        Report: lambda(`${name}/Report`),
        Caller: lambda(`${name}/Caller`, {
          Environment: { Variables: { NAME: { Ref: 'Report' } } },
        }),
      },
    });
    const { functions } = read({ 'Shop-test': copy('Shop-test'), 'Shop-prod': copy('Shop-prod') });

    expect(functions.map(({ name, environment }) => [name, environment.NAME])).toEqual([
      ['Shop-test-Report', undefined],
      ['Shop-test-Caller', 'Shop-test-Report'],
      ['Shop-prod-Report', undefined],
      ['Shop-prod-Caller', 'Shop-prod-Report'],
    ]);
  });

  it('of a stage are in their own folder', () => {
    const stage = Object.entries(
      cdkOut({ Shop: { Resources: { Report: lambda('Prod/Shop/Report') } } }),
    );
    const folder = projectFolder({
      ...Object.fromEntries(stage.map(([name, content]) => [`assembly-Prod/${name}`, content])),
      'assembly-Prod/asset.code/index.js': '',
      'manifest.json': JSON.stringify({
        version: '48.0.0',
        artifacts: {
          'assembly-Prod': {
            type: 'cdk:cloud-assembly',
            properties: { directoryName: 'assembly-Prod', displayName: 'Prod' },
          },
        },
      }),
    });
    expect(readProject(join(folder, 'manifest.json')).functions).toMatchObject([
      { name: 'Report', code: join(folder, 'assembly-Prod/asset.code') },
    ]);
  });

  it('that lack values of an AWS account are named', () => {
    const { warnings } = readShop(
      { Report: lambda('Shop/Report') },
      { missing: [{ key: 'vpc-provider:x', provider: 'vpc-provider', props: {} }] },
    );
    expect(warnings).toEqual([expect.stringContaining('vpc-provider')]);
  });

  it('are not in a manifest.json of another kind', () => {
    const folder = projectFolder({ 'manifest.json': '{ "name": "A web page" }' });
    expect(() => readProject(join(folder, 'manifest.json'))).toThrow(
      'this is not a file that the CDK has written.',
    );
  });

  it('without a function end the run', () => {
    expect(() => readShop({ Orders: { Type: 'AWS::DynamoDB::Table' } })).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_PROJECT_INVALID' }),
    );
  });
});
