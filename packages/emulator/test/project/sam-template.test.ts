// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of project files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/project/project.ts';
import { findProjectFile, readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

function read(yaml: string, files: Record<string, string> = {}): Project & { folder: string } {
  const folder = projectFolder({
    'template.yaml': yaml,
    'src/index.js': '',
    'layer/file.txt': '',
    ...files,
  });
  return { ...readProject(join(folder, 'template.yaml')), folder };
}

describe('a SAM template', () => {
  it('gives a function the defaults of Lambda', () => {
    const project = read(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src, Handler: index.handler, Runtime: nodejs22.x }
`);

    expect(project.functions).toEqual([
      {
        name: 'Order',
        deployedName: 'Order',
        code: join(project.folder, 'src'),
        handler: 'index.handler',
        runtime: 'nodejs22.x',
        layers: [],
        environment: {},
        timeoutMs: 3000,
        memoryMiB: 128,
        hasUrl: false,
      },
    ]);
    expect(project.warnings).toEqual([]);
  });

  it('overrides Globals, merges their maps and joins their lists', () => {
    const project = read(
      `
Globals:
  Function:
    Runtime: nodejs24.x
    Timeout: 10
    MemorySize: 512
    CodeUri: src
    Layers: [!Ref Tools]
    Environment: { Variables: { A: global, B: global } }
Resources:
  Tools: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer/ } }
  Proxy: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: proxy.zip } }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: orders
      Handler: index.handler
      Timeout: 100
      Layers: [!Ref Proxy]
      ReservedConcurrentExecutions: 2
      FunctionUrlConfig: { AuthType: NONE }
      Environment: { Variables: { B: own } }
`,
      { 'proxy.zip': '' },
    );

    expect(project.functions).toEqual([
      {
        name: 'Order',
        deployedName: 'orders',
        code: join(project.folder, 'src'),
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        layers: [join(project.folder, 'layer'), join(project.folder, 'proxy.zip')],
        environment: { A: 'global', B: 'own' },
        timeoutMs: 100_000,
        memoryMiB: 512,
        maxConcurrency: 2,
        hasUrl: true,
      },
    ]);
  });

  it('takes HttpApi events as routes of the API they name, else of the one that SAM adds', () => {
    const project = read(`
Resources:
  Api: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        One: { Type: HttpApi, Properties: { Path: '/orders/{id}', Method: get, ApiId: !Ref Api, TimeoutInMillis: 5000 } }
        Any: { Type: HttpApi, Properties: { Path: /any, Method: ANY, PayloadFormatVersion: '1.0' } }
        Rest: { Type: HttpApi }
`);

    expect(project.apis).toEqual([
      {
        name: 'Api',
        protocol: 'http',
        stage: 'v1',
        routes: [{ method: 'GET', path: '/orders/{id}', functionName: 'Order', timeoutMs: 5000 }],
      },
      {
        name: 'ServerlessHttpApi',
        protocol: 'http',
        stage: '$default',
        routes: [
          { method: 'ANY', path: '/any', functionName: 'Order', payloadFormat: '1.0' },
          { method: 'ANY', path: '$default', functionName: 'Order' },
        ],
      },
    ]);
  });

  it('takes Api events as routes of the REST API they name, else of the one that SAM adds', () => {
    const project = read(`
Globals: { Api: { BinaryMediaTypes: [image~1png] } }
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: { StageName: v1, BinaryMediaTypes: ['*~1*'] }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        One: { Type: Api, Properties: { Path: '/orders/{id}', Method: get, RestApiId: !Ref Shop } }
        All: { Type: Api, Properties: { Path: '/{proxy+}', Method: any } }
`);

    expect(project.apis).toEqual([
      {
        name: 'Shop',
        protocol: 'rest',
        stage: 'v1',
        binaryMediaTypes: ['image/png', '*/*'],
        routes: [{ method: 'GET', path: '/orders/{id}', functionName: 'Order' }],
      },
      {
        name: 'ServerlessRestApi',
        protocol: 'rest',
        stage: 'Prod',
        binaryMediaTypes: ['image/png'],
        routes: [{ method: 'ANY', path: '/{proxy+}', functionName: 'Order' }],
      },
    ]);
    expect(project.warnings).toEqual([
      'The routes of all APIs are served together at one port, and each API alone at http://NAME.execute-api.localhost:PORT/: Shop, ServerlessRestApi.',
    ]);
  });

  const withApi = (globals: string, type: string, properties: string) =>
    read(`
Globals: ${globals}
Resources:
  Shop: { Type: AWS::Serverless::${type}, Properties: ${properties} }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Get: { Type: ${type}, Properties: { Path: /x, Method: get, ApiId: !Ref Shop, RestApiId: !Ref Shop } }
        Put: { Type: ${type}, Properties: { Path: /x, Method: put, ApiId: !Ref Shop, RestApiId: !Ref Shop } }
`);

  it.each([
    ['{ CorsConfiguration: true }', { allowOrigins: ['*'] }],
    ['{ CorsConfiguration: "https://a.example" }', { allowOrigins: ['https://a.example'] }],
    [
      '{ CorsConfiguration: { AllowOrigins: [https://a.example], AllowMethods: [GET], MaxAge: 60 } }',
      {
        allowOrigins: ['https://a.example'],
        allowMethods: ['GET'],
        allowHeaders: ['X-Global'],
        maxAge: 60,
      },
    ],
  ])('takes the CORS settings of an HTTP API: %s', (properties, cors) => {
    const globals = '{ HttpApi: { CorsConfiguration: { AllowHeaders: [X-Global], MaxAge: 5 } } }';
    const project = withApi(globals, 'HttpApi', properties);

    expect(project.apis[0]?.cors).toEqual(cors);
    expect(project.warnings).toEqual([]);
  });

  it.each([
    [
      `{ StageName: v1, Cors: "'https://a.example'" }`,
      {
        'access-control-allow-origin': 'https://a.example',
        'access-control-allow-methods': 'GET,OPTIONS,PUT',
      },
    ],
    [
      `{ StageName: v1, Cors: { AllowOrigin: "'*'", AllowMethods: "'GET'", AllowHeaders: "'X-A,X-B'", MaxAge: "'60'" } }`,
      {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET',
        'access-control-allow-headers': 'X-A,X-B',
        'access-control-max-age': '60',
      },
    ],
  ])('answers OPTIONS for a REST API with Cors: %s', (properties, headers) => {
    const project = withApi('{}', 'Api', properties);

    expect(project.apis[0]?.routes.slice(2)).toEqual([
      {
        method: 'OPTIONS',
        path: '/x',
        functionName: 'Order',
        preflight: { headers, origins: expect.any(Array) },
      },
    ]);
    expect(project.warnings).toEqual([]);
  });

  it('evaluates intrinsic functions on parameters, mappings and conditions', () => {
    const project = read(`
Parameters:
  Stage: { Type: String, Default: test }
  Hosts: { Type: CommaDelimitedList, Default: 'a, b' }
Mappings: { Urls: { test: { url: http://test }, prod: { url: http://prod } } }
Conditions: { IsProd: !Equals [!Ref Stage, prod], IsTest: !Not [!Condition IsProd] }
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Environment:
        Variables:
          SUB: !Sub '\${Stage}-\${AWS::Region}-\${!Literal}'
          SUB_MAP: !Sub ['\${x}/\${Stage}', { x: !Ref Stage }]
          MAP: !FindInMap [Urls, !Ref Stage, url]
          IF: !If [IsTest, yes, no]
          JOIN: !Join ['+', !Ref Hosts]
          SELECT: !Select [1, !Split ['/', 'a/b/c']]
          NONE: !Ref AWS::NoValue
  Left:
    Type: AWS::Serverless::Function
    Condition: IsProd
    Properties: { CodeUri: src, Handler: index.handler, Runtime: nodejs24.x }
`);

    expect(project.functions.map(({ name }) => name)).toEqual(['Order']);
    expect(project.functions[0]?.environment).toEqual({
      SUB: 'test-us-east-1-${Literal}',
      SUB_MAP: 'test/test',
      MAP: 'http://test',
      IF: 'yes',
      JOIN: 'a+b',
      SELECT: 'b',
    });
  });

  it('names once what a local run cannot give, and continues', () => {
    const project = read(`
Globals: { HttpApi: { CorsConfiguration: true } }
Parameters: { Secret: { Type: String } }
Resources:
  Remote: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: s3://bucket/key } }
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Layers: [!Ref Remote]
      Environment: { Variables: { TABLE: !Ref Table, ARN: !GetAtt Table.Arn, SECRET: !Ref Secret, X: !ImportValue y } }
      Events:
        Old: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
        New: { Type: HttpApi, Properties: { Path: /, Method: get, Auth: { Authorizer: x } } }
  Remotely: { Type: AWS::Serverless::Function, Properties: { CodeUri: s3://bucket/key, Handler: index.handler, Runtime: nodejs24.x } }
  Plain: { Type: AWS::Lambda::Function, Properties: { Handler: index.handler } }
`);

    expect(project.functions.map(({ name, environment }) => ({ name, environment }))).toEqual([
      { name: 'Order', environment: { TABLE: 'Table', ARN: 'Table.Arn', SECRET: '' } },
    ]);
    expect(project.warnings).toMatchInlineSnapshot(`
      [
        "template.yaml:18: Resources of type AWS::Lambda::Function are not run; Plain is left out.",
        "template.yaml:12: The content of layer Remote is not on this machine. Functions run without it.",
        "The parameter Secret has no default, so its value is empty here. Give it a Default to run with one.",
        "Fn::ImportValue has no value on this machine.",
        "template.yaml:15: Events of type Schedule are not emulated. Run such a function with: invoke FUNCTION --event event.json",
        "template.yaml:17: the function Remotely has its code in S3, not on this machine. Its routes answer 502.",
        "template.yaml:16: The authorizer x is not emulated, because its API has none of this name: its routes let every request through, without requestContext.authorizer.",
        "These AWS resources are not created on this machine; values made from their names in the file stand in for them: TABLE (Table), ARN (Table.Arn).",
      ]
    `);
  });

  it('may have a handler that only its wrapper script understands', () => {
    const { functions, unusable } = read(`
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: run.sh
      Runtime: nodejs24.x
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap } }
`);

    expect(unusable).toEqual([]);
    expect(functions[0]?.handler).toBe('run.sh');
  });

  it('may name a file as its code, which is packaged alone', () => {
    const { functions, folder } = read(`
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/index.js, Handler: index.handler, Runtime: nodejs24.x }
`);

    expect(functions[0]?.code).toBe(join(folder, 'src'));
  });

  it('that was not built says so', () => {
    expect(() =>
      read(`
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: dist, Handler: index.handler, Runtime: nodejs24.x }
`),
    ).toThrow(
      /template\.yaml:5: .*CodeUri is .*dist, which is neither a folder nor a zip file\. Build the code first/,
    );
  });
});

describe('the project file of a folder', () => {
  it('is serverless.yml before template.yaml', () => {
    const folder = projectFolder({ 'template.yaml': '', 'serverless.yml': '' });
    expect(findProjectFile(folder)).toBe(join(folder, 'serverless.yml'));
  });

  it('is missing with an error that lists the names', () => {
    const folder = projectFolder({});
    expect(() => findProjectFile(folder)).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND' }),
    );
  });

  it('that was named but is not there is an error too', () => {
    expect(() => readProject('/proc/nowhere/serverless.yml')).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND' }),
    );
  });
});

it('names what looks like a slip of the pen in a template', () => {
  const { warnings } = read(`
Globals: { Function: { MemorySise: 512 } }
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: index.handler
      Runtime: nodejs24.x
      Timout: 30
      Policies: []
      Layers: [!Ref Tols]
      Events: { Get: { Type: HttpAPI, Properties: { Path: /, Method: get } } }
`);

  expect(warnings).toEqual([
    'template.yaml:2: The key MemorySise is not known and has no effect: write MemorySize.',
    'template.yaml:10: The key Timout is not known and has no effect: write Timeout.',
    'template.yaml:12: The layer Tols is not defined in this file. Functions run without it.',
    'template.yaml:13: The event type HttpAPI is not known, so there is no such route: write HttpApi.',
  ]);
});
