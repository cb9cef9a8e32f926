import type { LambdaAuthorizer } from '../../project/project.ts';
import type { Identity } from '../authorizers/identity.ts';
import type { Event1 } from '../payload-1.ts';

export interface AuthorizerEventOptions {
  readonly input: LambdaAuthorizer['input'];
  readonly arn: string;
  readonly identity: readonly Identity[];
}

/**
 * What the function of an authorizer gets for a request with this event.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function buildAuthorizerEvent(
  event: Event1,
  { input, arn, identity }: AuthorizerEventOptions,
) {
  if (input === 'TOKEN') {
    return { type: 'TOKEN', methodArn: arn, authorizationToken: identity[0]?.value };
  }
  const { body: _, isBase64Encoded: __, ...rest } = event;
  return {
    type: 'REQUEST',
    methodArn: arn,
    ...rest,
    queryStringParameters: event.queryStringParameters ?? {},
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
  };
}
