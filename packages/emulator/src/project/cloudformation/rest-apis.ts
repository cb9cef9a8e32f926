import type { ApiRoute } from '../api-list.ts';
import { toMockPreflight } from '../mock-preflight.ts';
import { readTransferMode, toRestRoute } from '../routes.ts';
import { nonProxy, withoutFunction } from '../unsupported.ts';
import { readRequestChecks } from './request-checks.ts';
import type { TemplateResource } from './resource.ts';
import { readRouteAuthorizer } from './route-authorizer.ts';
import { type RouteContext, routeOf } from './routes.ts';

const ROOT = '.RootResourceId';

/** The routes of REST APIs: an `AWS::ApiGateway::Method` each, and the resources above it for the path. */
export function readRestApiRoutes(context: RouteContext): ApiRoute[] {
  const { ofType } = context;
  const resources = new Map(
    ofType('AWS::ApiGateway::Resource').map((resource) => [resource.id, resource]),
  );
  const methods = ofType('AWS::ApiGateway::Method');
  const routes = methods.flatMap((method) => readMethod(method, resources, context));
  const preflights = methods.flatMap((method) => readPreflight(method, resources, routes, context));
  return [...routes, ...preflights];
}

function readMethod(
  { properties }: TemplateResource,
  resources: ReadonlyMap<string, TemplateResource>,
  context: RouteContext,
): ApiRoute[] {
  const { warnings } = context;
  const method = properties.string('HttpMethod') ?? 'ANY';
  const integration = properties.section('Integration');
  const type = integration.string('Type') ?? 'without a function';
  if (type === 'MOCK' && method === 'OPTIONS') return [];
  const path = pathOf(properties.string('ResourceId') ?? '', resources);
  const functionName = context.functionAt(integration.string('Uri') ?? '');
  if (functionName === undefined) {
    warnings.add(withoutFunction(type, method, path));
    return [];
  }
  const isProxy = type === 'AWS_PROXY';
  const route = toRestRoute(
    {
      method,
      path,
      functionName,
      timeoutMs: integration.integer('TimeoutInMillis'),
      ...(!isProxy && { integration: type }),
      ...readTransferMode(integration.string('ResponseTransferMode')),
      ...readRouteAuthorizer(properties, 'rest', context),
      ...readRequestChecks(properties, context),
    },
    properties.place(),
  );
  if (!isProxy) warnings.add(nonProxy(type, route.method, route.path), properties.place());
  return [routeOf(context, properties.string('RestApiId') ?? '', 'rest', route)];
}

/** The answer to OPTIONS that the CDK's `defaultCorsPreflightOptions` sets up, where there are routes. */
function readPreflight(
  { properties }: TemplateResource,
  resources: ReadonlyMap<string, TemplateResource>,
  routes: readonly ApiRoute[],
  context: RouteContext,
): ApiRoute[] {
  const integration = properties.section('Integration');
  if (properties.string('HttpMethod') !== 'OPTIONS' || integration.string('Type') !== 'MOCK') {
    return [];
  }
  const apiId = properties.string('RestApiId') ?? '';
  const neighbour = routes.find(({ api }) => api.name === context.apiName(apiId));
  const [response] = integration.items('IntegrationResponses');
  if (!neighbour || !response) return [];
  const route = toRestRoute(
    {
      method: 'OPTIONS',
      path: pathOf(properties.string('ResourceId') ?? '', resources),
      functionName: neighbour.route.functionName,
      preflight: toMockPreflight({
        statusCode: response.integer('StatusCode'),
        parameters: response.section('ResponseParameters'),
        templates: response.section('ResponseTemplates'),
      }),
    },
    properties.place(),
  );
  return [routeOf(context, apiId, 'rest', route)];
}

/** The path of a resource, from its parents. */
function pathOf(id: string, resources: ReadonlyMap<string, TemplateResource>): string {
  const resource = id.endsWith(ROOT) ? undefined : resources.get(id);
  if (!resource) return '/';
  const { properties } = resource;
  const parent = pathOf(properties.string('ParentId') ?? '', resources);
  return `${parent.replace(/\/$/, '')}/${properties.string('PathPart') ?? ''}`;
}
