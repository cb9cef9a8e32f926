import { type ApiRoute, groupByApi, warnOfSeveral } from '../api-list.ts';
import type { Place } from '../errors.ts';
import type { Api } from '../project.ts';
import { readCorsConfiguration } from '../sam-cors.ts';
import { OPEN_API } from '../unsupported.ts';
import { readHttpApiRoutes } from './http-apis.ts';
import { readRestApiRoutes } from './rest-apis.ts';
import type { RouteContext } from './routes.ts';

const BY_PROTOCOL = {
  http: { stageType: 'AWS::ApiGatewayV2::Stage', idKey: 'ApiId', stage: '$default' },
  rest: { stageType: 'AWS::ApiGateway::Stage', idKey: 'RestApiId', stage: 'prod' },
} as const;

/** The APIs of all stacks, with their routes. */
export function readCdkApis(context: RouteContext, place: Place): Api[] {
  const { ofType, apiName, warnings } = context;
  const apis = ofType('AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi');
  for (const { properties } of apis) {
    if (properties.has('Body') || properties.has('BodyS3Location')) {
      warnings.add(OPEN_API, properties.place());
    }
  }
  const routes: ApiRoute[] = [...readHttpApiRoutes(context), ...readRestApiRoutes(context)];
  const grouped = groupByApi(
    routes,
    ({ name, protocol }) => {
      const { stageType, idKey, stage } = BY_PROTOCOL[protocol];
      const properties = apis.find(({ id }) => apiName(id) === name)?.properties;
      const stages = ofType(stageType)
        .filter((one) => apiName(one.properties.string(idKey) ?? '') === name)
        .map((one) => one.properties.string('StageName') ?? stage);
      const cors =
        protocol === 'http' && properties ? readCorsConfiguration([properties]) : undefined;
      const binaryMediaTypes = (properties?.list('BinaryMediaTypes') ?? []).map((type) =>
        String(type).replaceAll('~1', '/'),
      );
      return {
        stage: stages.includes(stage) ? stage : (stages[0] ?? stage),
        ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
        ...(cors && { cors }),
      };
    },
    place,
  );
  warnOfSeveral(grouped, warnings);
  return grouped;
}
