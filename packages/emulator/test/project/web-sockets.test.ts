import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

const warningsOf = (file: string, files: Readonly<Record<string, string>>) =>
  readProject(join(projectFolder({ 'index.js': '', ...files }), file)).warnings;

const WARNING = expect.stringContaining(
  'WebSocket APIs are not emulated, so these routes are left out: $connect, send.',
);

it('Serverless Framework: the routes of a WebSocket API are named in a warning', () => {
  const project = `
service: chat
provider: { name: aws, runtime: nodejs24.x }
functions:
  chat:
    handler: index.handler
    events:
      - websocket: $connect
      - websocket: { route: send }
`;
  expect(warningsOf('serverless.yml', { 'serverless.yml': project })).toEqual([WARNING]);
});

it('SAM: the routes of a WebSocket API are named in a warning', () => {
  const route = (key: string) =>
    `{ Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Chat, RouteKey: ${key} } }`;
  const template = `
Resources:
  Chat: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }
  Connect: ${route('$connect')}
  Send: ${route('send')}
  Function:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: index.handler, Runtime: nodejs24.x }
`;
  expect(warningsOf('template.yaml', { 'template.yaml': template })).toEqual([WARNING]);
});

it('CDK: the routes of a WebSocket API are named in a warning', () => {
  const route = (RouteKey: string) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: { Ref: 'Chat' }, RouteKey },
  });
  const Resources = {
    Function: lambda('Shop/Function'),
    Chat: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
    Connect: route('$connect'),
    Send: route('send'),
  };
  const files = cdkOut({ Shop: { Resources } }, { assets: ['code'] });
  expect(warningsOf('manifest.json', files)).toEqual([WARNING]);
});
