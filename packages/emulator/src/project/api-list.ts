import type { Place } from './errors.ts';
import type { Api, Route } from './project.ts';
import { checkDuplicates } from './routes.ts';
import type { Warnings } from './warnings.ts';

/** A route, and the API that it belongs to. */
export interface ApiRoute {
  readonly api: Pick<Api, 'name' | 'protocol'>;
  readonly route: Route;
}

/** What is known of an API besides its routes, and `more` routes that follow from it. */
export interface ApiSettings extends Omit<Api, 'name' | 'protocol' | 'routes'> {
  readonly more?: readonly Route[];
}

/** The APIs that routes belong to, in the order in which they appear. */
export function groupByApi(
  routes: readonly ApiRoute[],
  settingsOf: (api: ApiRoute['api'], routes: readonly Route[]) => ApiSettings,
  place: Place,
): Api[] {
  const apis = new Map(routes.map(({ api }) => [api.name, api]));
  return [...apis.values()].map((api) => {
    const own = routes.filter((one) => one.api.name === api.name).map(({ route }) => route);
    checkDuplicates(own, place);
    const { more = [], ...settings } = settingsOf(api, own);
    return { ...api, ...settings, routes: [...own, ...more] };
  });
}

/** Makes one API of those with the same name; the first one's settings count. */
export function mergeApis(apis: readonly Api[], place: Place): Api[] {
  return [...Map.groupBy(apis, ({ name }) => name).values()].map((same) => {
    const routes = same.flatMap((api) => api.routes);
    checkDuplicates(routes, place);
    return { ...(same[0] as Api), routes };
  });
}

/** Says where the APIs are when there is more than one. */
export function warnOfSeveral(apis: readonly Api[], warnings: Warnings): void {
  if (apis.length < 2) return;
  warnings.add(
    'The routes of all APIs are served together at one port, and each API alone at ' +
      `http://NAME.execute-api.localhost:PORT/: ${apis.map(({ name }) => name).join(', ')}.`,
  );
}
