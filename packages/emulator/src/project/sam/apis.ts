import { readApiKeySource } from '../api-keys.ts';
import { groupByApi } from '../api-list.ts';
import type { AuthorizerScope } from '../authorizers.ts';
import type { AwsResources } from '../aws-resources.ts';
import type { Place } from '../errors.ts';
import type { OpenApi } from '../open-api/read-open-api.ts';
import type { Api } from '../project.ts';
import { toMediaType } from '../routes.ts';
import type { Section } from '../section.ts';
import { SamAuthorizers } from './authorizers.ts';
import { readCors, readCorsConfiguration } from './cors.ts';
import type { SamRoute } from './events.ts';
import { readPreflightChecks, readRequestChecks } from './request-checks.ts';

/** Section of `Globals`, and the stage that SAM gives to an API without `StageName`. */
const BY_PROTOCOL = {
  http: { globals: 'HttpApi', stage: '$default' },
  rest: { globals: 'Api', stage: 'Prod' },
} as const;

export interface SamDefinition {
  readonly api: SamRoute['api'];
  readonly definition: OpenApi;
}

export interface SamApisContext {
  /** Properties of `AWS::Serverless::HttpApi` and `AWS::Serverless::Api`, by logical id. */
  readonly apis: ReadonlyMap<string, Section>;
  /** What their OpenAPI definitions say. */
  readonly definitions: readonly SamDefinition[];
  readonly globals: Section;
  readonly place: Place;
  readonly authorizerScope: AuthorizerScope;
  readonly resources: AwsResources;
}

/** Groups the routes of all functions by their APIs, explicit ones and those that SAM adds. */
export function readSamApis(
  routes: readonly SamRoute[],
  { apis, definitions, globals, place, authorizerScope, resources }: SamApisContext,
): Api[] {
  const sectionsOf = ({ name, protocol }: SamRoute['api']): Section[] => {
    const properties = apis.get(name);
    return [globals.section(BY_PROTOCOL[protocol].globals), ...(properties ? [properties] : [])];
  };
  const authorizersOf = (api: SamRoute['api']) =>
    new SamAuthorizers(api.protocol, sectionsOf(api), authorizerScope);
  const all = [...routes, ...definedRoutes(definitions, routes)];
  const ofPreflight = (api: SamRoute['api']) => ({
    ...resources.silently(() => authorizersOf(api).ofPreflight()),
    ...readPreflightChecks(sectionsOf(api)),
  });
  const checked = all.map(({ api, route, event }) => {
    if (route.preflight) return { api, route: { ...route, ...ofPreflight(api) } };
    const authorizer = resources.silently(() => authorizersOf(api).ofRoute(event?.section('Auth')));
    const checks = api.protocol === 'rest' ? readRequestChecks(event, sectionsOf(api)) : {};
    return { api, route: { ...route, ...authorizer, ...checks } };
  });
  return groupByApi(
    checked,
    (api, own) => {
      const { name, protocol } = api;
      const { stage } = BY_PROTOCOL[protocol];
      const properties = apis.get(name);
      const sections = sectionsOf(api);
      const definition = definitions.find((one) => one.api.name === name)?.definition;
      const binaryMediaTypes = [
        ...sections.flatMap((settings) => settings.list('BinaryMediaTypes')).map(toMediaType),
        ...(definition?.binaryMediaTypes ?? []),
      ];
      const cors =
        (protocol === 'http' ? readCorsConfiguration(sections) : undefined) ?? definition?.cors;
      return {
        stage: properties?.string('StageName') ?? stage,
        ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
        ...(cors && { cors }),
        ...(definition?.apiKeySource && { apiKeySource: definition.apiKeySource }),
        ...(protocol === 'rest' && {
          ...readApiKeySource(
            sections.map((one) => one.string('ApiKeySourceType')).findLast(Boolean),
          ),
          more: readCors(sections, own).map((route) => ({ ...route, ...ofPreflight(api) })),
        }),
      };
    },
    place,
  );
}

/** Events of functions belong to operations of their API's definition: both are one route. */
function definedRoutes(
  definitions: readonly SamDefinition[],
  events: readonly SamRoute[],
): SamRoute[] {
  return definitions.flatMap(({ api, definition }) =>
    definition.routes
      .filter(
        ({ method, path }) =>
          !events.some(
            (event) =>
              event.api.name === api.name &&
              event.route.method === method &&
              event.route.path === path,
          ),
      )
      .map((route) => ({ api, route })),
  );
}
