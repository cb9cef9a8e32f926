import {
  type AuthorizerScope,
  inputOf,
  issuersOf,
  toJwtAuthorizer,
  toLambdaAuthorizer,
} from './authorizers.ts';
import type { Authorizer } from './project.ts';
import type { Section } from './section.ts';

/** OpenAPI definitions have the keys of CloudFormation, but begin them with a small letter, and `type` is shorter. */
type Spelling = 'CloudFormation' | 'OpenAPI';

const keyIn = (spelling: Spelling) => (key: string) =>
  spelling === 'OpenAPI' ? key.charAt(0).toLowerCase() + key.slice(1) : key;

/** What a REST API does without `AuthorizerResultTtlInSeconds`. */
export const REST_TTL_S = 300;

/**
 * Reads the properties of an `AWS::ApiGatewayV2::Authorizer`, or what an OpenAPI definition has of them.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export function readHttpApiAuthorizer(
  name: string,
  properties: Section,
  scope: AuthorizerScope,
  spelling: Spelling = 'CloudFormation',
): Authorizer | undefined {
  const key = keyIn(spelling);
  const identitySources = properties.list(key('IdentitySource')).map(String).flatMap(splitSources);
  const type = properties.string(spelling === 'OpenAPI' ? 'type' : 'AuthorizerType');
  if (type?.toUpperCase() === 'JWT') {
    const jwt = properties.section(key('JwtConfiguration'));
    const issuer = scope.known(() => jwt.string(key('Issuer')));
    return toJwtAuthorizer(
      {
        name,
        identitySource: identitySources[0] ?? '$request.header.Authorization',
        issuers: issuer === undefined ? undefined : [issuer],
        audience: scope.known(() => jwt.list(key('Audience')).map(String)),
      },
      scope,
      properties.place(),
    );
  }
  return toLambdaAuthorizer(
    {
      name,
      arn: properties.string(key('AuthorizerUri')),
      input: inputOf(properties.string(key('AuthorizerPayloadFormatVersion'))),
      ...(properties.get(key('EnableSimpleResponses')) === true && { simpleResponses: true }),
      identitySources,
      ttlSeconds: properties.integer(key('AuthorizerResultTtlInSeconds')) ?? 0,
    },
    scope,
    properties.place(),
  );
}

/**
 * Reads the properties of an `AWS::ApiGateway::Authorizer`, or what an OpenAPI definition has of them.
 *
 * @param header where the token is, unless they say so.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html
 */
export function readRestAuthorizer(
  name: string,
  properties: Section,
  scope: AuthorizerScope,
  {
    spelling = 'CloudFormation',
    header = 'Authorization',
  }: { spelling?: Spelling; header?: string | undefined } = {},
): Authorizer | undefined {
  const key = keyIn(spelling);
  const type = properties.string(key('Type'))?.toUpperCase();
  const identitySources = splitSources(properties.string(key('IdentitySource')));
  const tokenSource = identitySources[0] ?? `method.request.header.${header}`;
  if (type === 'COGNITO_USER_POOLS') {
    return toJwtAuthorizer(
      {
        name,
        identitySource: tokenSource,
        issuers: issuersOf(scope.known(() => properties.list(key('ProviderARNs')))),
      },
      scope,
      properties.place(),
    );
  }
  return toLambdaAuthorizer(
    {
      name,
      arn: properties.string(key('AuthorizerUri')),
      input: type === 'REQUEST' ? 'REQUEST' : 'TOKEN',
      identitySources: type === 'REQUEST' ? identitySources : [tokenSource],
      tokenPattern: properties.string(key('IdentityValidationExpression')),
      ttlSeconds: properties.integer(key('AuthorizerResultTtlInSeconds')) ?? REST_TTL_S,
    },
    scope,
    properties.place(),
  );
}

/** A REST API has its identity sources in one text. */
export const splitSources = (sources = ''): string[] => sources.split(/\s*,\s*/).filter(Boolean);
