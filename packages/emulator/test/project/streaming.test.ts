import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda, restIntegration } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

/** What a project says of streaming: of its functions' URLs, and of its routes. */
function read(file: string, files: Readonly<Record<string, string>>) {
  const { functions, apis, warnings } = readProject(join(projectFolder(files), file));
  return {
    urls: functions.map(({ urlStreams = false }) => urlStreams),
    routes: apis.flatMap(({ routes }) => routes.map(({ streams = false }) => streams)),
    warnings,
  };
}

const STREAMS = { urls: [true, false], routes: [true, false], warnings: [] };

describe('response streaming in a project', () => {
  it('of Serverless Framework: invokeMode and transferMode', () => {
    const project = `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  chat:
    handler: index.handler
    url: { invokeMode: RESPONSE_STREAM }
    events:
      - http: { path: chat, method: get, response: { transferMode: stream } }
      - http: { path: whole, method: get, response: { transferMode: buffered } }
  whole: { handler: index.handler, url: true }
`;
    expect(read('serverless.yml', { 'serverless.yml': project, 'index.js': '' })).toEqual(STREAMS);
  });

  it('of SAM: InvokeMode and ResponseTransferMode', () => {
    const template = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: ., Handler: index.handler, Runtime: nodejs24.x } }
Resources:
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM }
      Events:
        Chat: { Type: Api, Properties: { Path: /chat, Method: get, ResponseTransferMode: RESPONSE_STREAM } }
        Whole: { Type: Api, Properties: { Path: /whole, Method: get } }
  Whole: { Type: AWS::Serverless::Function, Properties: { FunctionUrlConfig: { AuthType: NONE } } }
`;
    expect(read('template.yaml', { 'template.yaml': template, 'index.js': '' })).toEqual(STREAMS);
  });

  it('of SAM: FunctionUrlConfig of Globals, which a function can change', () => {
    const template = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    CodeUri: .
    Handler: index.handler
    Runtime: nodejs24.x
    FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM }
Resources:
  Chat: { Type: AWS::Serverless::Function }
  Whole: { Type: AWS::Serverless::Function, Properties: { FunctionUrlConfig: { InvokeMode: BUFFERED } } }
`;
    const folder = projectFolder({ 'template.yaml': template, 'index.js': '' });

    const { functions } = readProject(join(folder, 'template.yaml'));

    expect(functions.map(({ hasUrl, urlStreams = false }) => [hasUrl, urlStreams])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('of the CDK: InvokeMode and responseTransferMode', () => {
    const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    const method = (HttpMethod: string, integration: object) => ({
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        HttpMethod,
        ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        RestApiId: { Ref: 'Api' },
        Integration: integration,
      },
    });
    const Resources = {
      Chat: lambda('Shop/Chat'),
      Whole: lambda('Shop/Whole'),
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: { TargetFunctionArn: arn('Chat'), InvokeMode: 'RESPONSE_STREAM' },
      },
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'Api' } },
      Get: method('GET', {
        Type: 'AWS_PROXY',
        ResponseTransferMode: 'STREAM',
        Uri: {
          'Fn::Join': [
            '',
            [
              'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/',
              arn('Chat'),
              '/response-streaming-invocations',
            ],
          ],
        },
      }),
      Post: method('POST', restIntegration(arn('Chat'))),
    };
    const files = cdkOut({ Shop: { Resources } }, { assets: ['code'] });
    expect(read('manifest.json', files)).toEqual(STREAMS);
  });
});
