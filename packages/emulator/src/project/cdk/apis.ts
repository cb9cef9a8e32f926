import { readApiKeySource } from '../api-keys.ts';
import { type ApiRoute, groupByApi, warnOfSeveral } from '../api-list.ts';
import type { Place } from '../errors.ts';
import { type OpenApi, readOpenApi } from '../open-api/read-open-api.ts';
import type { Api } from '../project.ts';
import { toMediaType } from '../routes.ts';
import { readCorsConfiguration } from '../sam/cors.ts';
import { OPEN_API_ELSEWHERE } from '../unsupported.ts';
import { readYamlFile } from '../yaml-file.ts';
import { assetOf } from './assets.ts';
import { readHttpApiRoutes } from './http-apis.ts';
import type { CdkResource } from './resources.ts';
import { readRestApiRoutes } from './rest-apis.ts';
import { type RouteContext, routeOf } from './routes.ts';

const BY_PROTOCOL = {
  http: { stageType: 'AWS::ApiGatewayV2::Stage', idKey: 'ApiId', stage: '$default' },
  rest: { stageType: 'AWS::ApiGateway::Stage', idKey: 'RestApiId', stage: 'prod' },
} as const;

/** The APIs of all stacks, with their routes. */
export function readCdkApis(context: RouteContext, place: Place): Api[] {
  const { ofType, apiName, warnings } = context;
  const apis = ofType('AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi');
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
  const grouped = groupByApi(
    routes,
    ({ name, protocol }) => {
      const { stageType, idKey, stage } = BY_PROTOCOL[protocol];
      const properties = apis.find(({ id }) => apiName(id) === name)?.properties;
      const stages = ofType(stageType)
        .filter((one) => apiName(one.properties.string(idKey) ?? '') === name)
        .map((one) => one.properties.string('StageName') ?? stage);
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
  warnOfSeveral(grouped, warnings);
  return grouped;
}

const protocolOf = (type: string): Api['protocol'] =>
  type === 'AWS::ApiGateway::RestApi' ? 'rest' : 'http';

/** An OpenAPI definition is in the template, or an asset. */
function readDefinition(api: CdkResource, context: RouteContext): OpenApi | undefined {
  const { properties, type } = api;
  const options = { ...context, protocol: protocolOf(type) };
  if (properties.has('Body')) return readOpenApi(properties.section('Body'), options);
  if (!properties.has('BodyS3Location')) return undefined;
  const file = assetOf(api, 'BodyS3Location');
  if (file !== undefined) return readOpenApi(properties.include(readYamlFile(file)), options);
  context.warnings.add(OPEN_API_ELSEWHERE, properties.place());
  return undefined;
}
