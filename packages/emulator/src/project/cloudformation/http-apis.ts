import type { ApiRoute } from '../api-list.ts';
import { toHttpApiRoute } from '../routes.ts';
import type { Section } from '../section.ts';
import { webSocketRoutes, withoutFunction } from '../unsupported.ts';
import type { TemplateResource } from './resource.ts';
import { readRouteAuthorizer } from './route-authorizer.ts';
import { type RouteContext, routeOf } from './routes.ts';

const PROXY = 'AWS_PROXY';

/** The routes of HTTP APIs: `AWS::ApiGatewayV2::Route`, and the one of an API with a `Target`. */
export function readHttpApiRoutes(context: RouteContext): ApiRoute[] {
  const { ofType } = context;
  const webSockets = ofType('AWS::ApiGatewayV2::Api').filter(
    ({ properties }) => properties.string('ProtocolType') === 'WEBSOCKET',
  );
  for (const { id, section } of webSockets) {
    const keys = ofType('AWS::ApiGatewayV2::Route')
      .filter(({ properties }) => properties.string('ApiId') === id)
      .map(({ properties }) => properties.string('RouteKey') ?? '$default');
    context.warnings.add(webSocketRoutes(keys), section.place());
  }
  const isWebSocket = (apiId: string) => webSockets.some(({ id }) => id === apiId);
  const integrations = new Map(
    ofType('AWS::ApiGatewayV2::Integration').map((integration) => [integration.id, integration]),
  );
  const routes = ofType('AWS::ApiGatewayV2::Route').flatMap(({ properties }) => {
    const apiId = properties.string('ApiId') ?? '';
    if (isWebSocket(apiId)) return [];
    const target = properties.string('Target') ?? '';
    return readRoute(
      { apiId, key: properties.string('RouteKey') ?? '$default', route: properties },
      integrations.get(target.replace(/^integrations\//, '')),
      context,
    );
  });
  return [
    ...routes,
    ...ofType('AWS::ApiGatewayV2::Api').flatMap((api) => readTarget(api, context)),
  ];
}

function readRoute(
  { apiId, key, route: own }: { apiId: string; key: string; route: Section },
  integration: TemplateResource | undefined,
  context: RouteContext,
): ApiRoute[] {
  const [first = '', second] = key.split(' ');
  const { method, path } =
    second === undefined ? { method: 'ANY', path: first } : { method: first, path: second };
  const properties = integration?.properties;
  const type = properties?.string('IntegrationSubtype') ?? properties?.string('IntegrationType');
  const functionName =
    type === PROXY && properties
      ? context.functionAt(properties.string('IntegrationUri') ?? '')
      : undefined;
  if (!integration || !properties || functionName === undefined) {
    context.warnings.add(withoutFunction(type ?? 'without a function', method, path));
    return [];
  }
  // CloudFormation's default; the CDK always says 2.0.
  const payload = properties.string('PayloadFormatVersion') ?? '1.0';
  const route = toHttpApiRoute(
    {
      method,
      path,
      functionName,
      timeoutMs: properties.integer('TimeoutInMillis'),
      ...(payload === '1.0' && { payloadFormat: payload }),
      ...readRouteAuthorizer(own, 'http', context),
    },
    properties.place(),
  );
  return [routeOf(context, apiId, 'http', route)];
}

/** An API that is created with its only integration. */
function readTarget({ id, properties }: TemplateResource, context: RouteContext): ApiRoute[] {
  const functionName = context.functionAt(properties.string('Target') ?? '');
  if (functionName === undefined) return [];
  const [method, path] = (properties.string('RouteKey') ?? '').split(' ');
  const route = toHttpApiRoute(
    { ...(path === undefined ? { method: undefined, path } : { method, path }), functionName },
    properties.place(),
  );
  return [routeOf(context, id, 'http', route)];
}
