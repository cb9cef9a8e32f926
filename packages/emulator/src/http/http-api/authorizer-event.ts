import type { Identity } from '../authorizers/identity.ts';
import type { Event1 } from '../payload-1.ts';
import type { Event2 } from '../payload-2.ts';

export interface AuthorizerFacts {
  readonly arn: string;
  readonly identity: readonly Identity[];
}

/** What the function of an authorizer with payload format 2.0 gets for a request with this event. */
export function buildAuthorizerEvent2(event: Event2, { arn, identity }: AuthorizerFacts) {
  const { version, body: _, isBase64Encoded: __, ...rest } = event;
  return {
    version,
    type: 'REQUEST',
    routeArn: arn,
    identitySource: identity.map(({ value }) => value),
    ...rest,
  };
}

/** The same for payload format 1.0, in which empty maps are not null. */
export function buildAuthorizerEvent1(event: Event1, { arn, identity }: AuthorizerFacts) {
  const { authorizer: _, ...requestContext } = event.requestContext;
  const token = identity.map(({ value }) => value).join(',');
  return {
    version: event.version,
    type: 'REQUEST',
    methodArn: arn,
    identitySource: token,
    authorizationToken: token,
    resource: event.resource,
    path: event.path,
    httpMethod: event.httpMethod,
    headers: event.headers ?? {},
    queryStringParameters: event.queryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
    requestContext,
  };
}
