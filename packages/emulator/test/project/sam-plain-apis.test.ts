// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of templates.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

const FUNCTIONS = `
  Pets:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: index.handler, Runtime: nodejs24.x }
  Guard:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: index.handler, Runtime: nodejs24.x, FunctionName: the-guard }`;

/** A template with two functions and these resources that are not SAM's. */
const read = (resources: string) =>
  readProject(
    join(
      projectFolder({ 'index.js': '', 'template.yaml': `Resources:${FUNCTIONS}${resources}` }),
      'template.yaml',
    ),
  );

const invoke = (arn: string) =>
  `!Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${arn}}/invocations'`;

describe('a SAM template serves what CloudFormation has for APIs', () => {
  it('an HTTP API that is created with its only integration', () => {
    const { apis, warnings } = read(`
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      ProtocolType: HTTP
      CorsConfiguration: { AllowOrigins: ['*'] }
      Target: !Sub arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${Pets}
`);
    expect(apis).toEqual([
      {
        name: 'Api',
        protocol: 'http',
        stage: '$default',
        cors: { allowOrigins: ['*'] },
        routes: [{ method: 'ANY', path: '$default', functionName: 'Pets' }],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('routes of an HTTP API', () => {
    const { apis } = read(`
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: GET /pets/{id}
      Target: !Join [/, [integrations, !Ref Integration]]
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: ${invoke('Pets.Arn')}
      PayloadFormatVersion: '2.0'
`);
    expect(apis).toMatchObject([
      { name: 'Api', routes: [{ method: 'GET', path: '/pets/{id}', functionName: 'Pets' }] },
    ]);
  });

  it('methods of a REST API, with their authorizer and the stage of its deployment', () => {
    const { apis, warnings } = read(`
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: pets } }
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: { RestApiId: !Ref Api, StageName: v1 }
  Resource:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Resource
      HttpMethod: POST
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Authorizer
      Integration: { Type: AWS_PROXY, Uri: ${invoke('Pets.Arn')} }
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: guard
      RestApiId: !Ref Api
      Type: TOKEN
      IdentitySource: method.request.header.Token
      AuthorizerUri: ${invoke('Guard.Arn')}
`);
    expect(apis).toMatchObject([
      {
        name: 'Api',
        protocol: 'rest',
        stage: 'v1',
        routes: [
          {
            method: 'POST',
            path: '/pets',
            functionName: 'Pets',
            authorizer: { kind: 'lambda', functionName: 'Guard', input: 'TOKEN' },
          },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('methods that name resources and validators by their attributes', () => {
    const { apis } = read(`
  Api: { Type: AWS::ApiGateway::RestApi }
  Resource:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !GetAtt Api.RestApiId, ParentId: !GetAtt Api.RootResourceId, PathPart: pets }
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: { RestApiId: !Ref Api, ValidateRequestParameters: true }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !GetAtt Api.RestApiId
      ResourceId: !GetAtt Resource.ResourceId
      HttpMethod: GET
      RequestParameters: { method.request.querystring.page: true }
      RequestValidatorId: !GetAtt Validator.RequestValidatorId
      Integration: { Type: AWS_PROXY, Uri: ${invoke('Pets.Arn')} }
`);
    expect(apis).toMatchObject([
      {
        name: 'Api',
        routes: [
          {
            method: 'GET',
            path: '/pets',
            validation: { parameters: ['method.request.querystring.page'] },
          },
        ],
      },
    ]);
  });

  it('routes beside those of an API of SAM', () => {
    const { apis } = read(`
  Owners:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Get: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: GET, Path: /owners } }
  Api: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/\${Integration}' }
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Pets.Arn
      PayloadFormatVersion: '2.0'
`);
    expect(apis).toEqual([
      {
        name: 'Api',
        protocol: 'http',
        stage: 'v1',
        routes: [
          { method: 'GET', path: '/owners', functionName: 'Owners' },
          { method: 'ANY', path: '$default', functionName: 'Pets' },
        ],
      },
    ]);
  });

  it('says which of them have no function', () => {
    const { apis, warnings } = read(`
  Api: { Type: AWS::ApiGateway::RestApi }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: { Type: HTTP_PROXY, Uri: https://example.com }
`);
    expect(apis).toEqual([]);
    expect(warnings).toEqual([
      'The integration HTTP_PROXY of GET / is not emulated, so there is no such route here: only Lambda proxy integrations are.',
    ]);
  });
});
