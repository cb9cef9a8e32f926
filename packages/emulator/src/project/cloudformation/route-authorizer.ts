import { type RouteAuthorizer, toRouteAuthorizer } from '../authorizers.ts';
import { readHttpApiAuthorizer, readRestAuthorizer } from '../cloudformation-authorizers.ts';
import type { Api } from '../project.ts';
import type { Section } from '../section.ts';
import { AWS_IAM, authorizerNotEmulated } from '../unsupported.ts';
import type { RouteContext } from './routes.ts';

const BY_PROTOCOL = {
  http: { type: 'AWS::ApiGatewayV2::Authorizer', read: readHttpApiAuthorizer },
  rest: { type: 'AWS::ApiGateway::Authorizer', read: readRestAuthorizer },
} as const;

/** The authorizer that a route, or a method of a REST API, refers to. */
export function readRouteAuthorizer(
  properties: Section,
  protocol: Api['protocol'],
  { ofType, authorizerScope: scope }: RouteContext,
): RouteAuthorizer {
  const { warnings } = scope;
  switch (properties.string('AuthorizationType') ?? 'NONE') {
    case 'NONE':
      return {};
    case 'AWS_IAM':
      warnings.add(AWS_IAM, properties.place());
      return {};
  }
  const { type, read } = BY_PROTOCOL[protocol];
  const id = properties.string('AuthorizerId') ?? '(of no name)';
  const resource = ofType(type).find((one) => one.id === id);
  if (!resource) {
    warnings.add(authorizerNotEmulated(id, 'it is not one of this app'), properties.place());
    return {};
  }
  const authorizer = read(resource.properties.string('Name') ?? id, resource.properties, scope);
  return toRouteAuthorizer(authorizer, properties.list('AuthorizationScopes'));
}
