import type { Place } from './errors.ts';
import type { Api, Route } from './project.ts';
import { checkDuplicates } from './routes.ts';

/** A route, and the API that it belongs to. */
export interface ApiRoute {
  readonly api: Pick<Api, 'name' | 'protocol'>;
  readonly route: Route;
}

/** The APIs that routes belong to, in the order in which they appear. */
export function groupByApi(
  routes: readonly ApiRoute[],
  settings: (api: ApiRoute['api']) => Pick<Api, 'stage' | 'binaryMediaTypes'>,
  place: Place,
): Api[] {
  const apis = new Map(routes.map(({ api }) => [api.name, api]));
  return [...apis.values()].map((api) => {
    const own = routes.filter((one) => one.api.name === api.name).map(({ route }) => route);
    checkDuplicates(own, place);
    return { ...api, ...settings(api), routes: own };
  });
}
