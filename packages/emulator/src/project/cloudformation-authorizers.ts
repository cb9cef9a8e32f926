import {
  type AuthorizerScope,
  inputOf,
  issuersOf,
  toJwtAuthorizer,
  toLambdaAuthorizer,
} from './authorizers.ts';
import type { Authorizer } from './project.ts';
import type { Section } from './section.ts';

/** What a REST API does without `AuthorizerResultTtlInSeconds`. */
export const REST_TTL_S = 300;

/**
 * Reads the properties of an `AWS::ApiGatewayV2::Authorizer`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export function readHttpApiAuthorizer(
  name: string,
  properties: Section,
  scope: AuthorizerScope,
): Authorizer | undefined {
  const identitySources = properties.list('IdentitySource').map(String);
  if (properties.string('AuthorizerType') === 'JWT') {
    const jwt = properties.section('JwtConfiguration');
    const issuer = scope.known(() => jwt.string('Issuer'));
    return toJwtAuthorizer(
      {
        name,
        identitySource: identitySources[0] ?? '$request.header.Authorization',
        issuers: issuer === undefined ? undefined : [issuer],
        audience: scope.known(() => jwt.list('Audience').map(String)),
      },
      scope,
      properties.place(),
    );
  }
  return toLambdaAuthorizer(
    {
      name,
      arn: properties.string('AuthorizerUri'),
      input: inputOf(properties.string('AuthorizerPayloadFormatVersion')),
      ...(properties.get('EnableSimpleResponses') === true && { simpleResponses: true }),
      identitySources,
      ttlSeconds: properties.integer('AuthorizerResultTtlInSeconds') ?? 0,
    },
    scope,
    properties.place(),
  );
}

/**
 * Reads the properties of an `AWS::ApiGateway::Authorizer`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html
 */
export function readRestAuthorizer(
  name: string,
  properties: Section,
  scope: AuthorizerScope,
): Authorizer | undefined {
  const type = properties.string('Type');
  const identitySources = splitSources(properties.string('IdentitySource'));
  if (type === 'COGNITO_USER_POOLS') {
    return toJwtAuthorizer(
      {
        name,
        identitySource: identitySources[0] ?? 'method.request.header.Authorization',
        issuers: issuersOf(scope.known(() => properties.list('ProviderARNs'))),
      },
      scope,
      properties.place(),
    );
  }
  return toLambdaAuthorizer(
    {
      name,
      arn: properties.string('AuthorizerUri'),
      input: type === 'REQUEST' ? 'REQUEST' : 'TOKEN',
      identitySources,
      tokenPattern: properties.string('IdentityValidationExpression'),
      ttlSeconds: properties.integer('AuthorizerResultTtlInSeconds') ?? REST_TTL_S,
    },
    scope,
    properties.place(),
  );
}

/** A REST API has its identity sources in one text. */
export const splitSources = (sources = ''): string[] => sources.split(/\s*,\s*/).filter(Boolean);
