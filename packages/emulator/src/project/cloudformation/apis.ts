import { readApiKeySource } from '../api-keys.ts';
import { type ApiRoute, groupByApi } from '../api-list.ts';
import type { Place } from '../errors.ts';
import { type OpenApi, readOpenApi } from '../open-api/read-open-api.ts';
import type { Api } from '../project.ts';
import { toMediaType } from '../routes.ts';
import { readCorsConfiguration } from '../sam/cors.ts';
import { readHttpApiRoutes } from './http-apis.ts';
import type { TemplateResource } from './resource.ts';
import { readRestApiRoutes } from './rest-apis.ts';
import { type RouteContext, routeOf } from './routes.ts';

/** The types that `apiName` is asked about. */
export const API_TYPES = ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'];

/** A deployment of a REST API can make a stage too. */
const BY_PROTOCOL = {
  http: { stageTypes: ['AWS::ApiGatewayV2::Stage'], idKey: 'ApiId', stage: '$default' },
  rest: {
    stageTypes: ['AWS::ApiGateway::Stage', 'AWS::ApiGateway::Deployment'],
    idKey: 'RestApiId',
    stage: 'prod',
  },
} as const;

/** The APIs and routes that are plain CloudFormation resources, not SAM's. */
export function readCloudFormationApis(context: RouteContext, place: Place): Api[] {
  const { ofType, apiName } = context;
  const apis = ofType(...API_TYPES);
  const definitions = new Map(apis.map((api) => [apiName(api.id), readDefinition(api, context)]));
  const routes: ApiRoute[] = [
    ...readHttpApiRoutes(context),
    ...readRestApiRoutes(context),
    ...apis.flatMap(({ id, type }) =>
      (definitions.get(apiName(id))?.routes ?? []).map((route) =>
        routeOf(context, id, protocolOf(type), route),
      ),
    ),
  ];
  return groupByApi(
    routes,
    ({ name, protocol }) => {
      const { stageTypes, idKey, stage } = BY_PROTOCOL[protocol];
      const properties = apis.find(({ id }) => apiName(id) === name)?.properties;
      const stages = ofType(...stageTypes)
        .filter((one) => apiName(one.properties.string(idKey) ?? '') === name)
        .flatMap((one) => one.properties.string('StageName') ?? []);
      const definition = definitions.get(name);
      const cors =
        (protocol === 'http' && properties ? readCorsConfiguration([properties]) : undefined) ??
        definition?.cors;
      const binaryMediaTypes = [
        ...(properties?.list('BinaryMediaTypes') ?? []).map(toMediaType),
        ...(definition?.binaryMediaTypes ?? []),
      ];
      return {
        stage: stages.includes(stage) ? stage : (stages[0] ?? stage),
        ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
        ...(definition?.apiKeySource && { apiKeySource: definition.apiKeySource }),
        ...(protocol === 'rest' && readApiKeySource(properties?.string('ApiKeySourceType'))),
        ...(cors && { cors }),
      };
    },
    place,
  );
}

const protocolOf = (type: string): Api['protocol'] =>
  type === 'AWS::ApiGateway::RestApi' ? 'rest' : 'http';

function readDefinition(api: TemplateResource, context: RouteContext): OpenApi | undefined {
  const definition = context.definitionOf(api);
  return definition && readOpenApi(definition, { ...context, protocol: protocolOf(api.type) });
}
