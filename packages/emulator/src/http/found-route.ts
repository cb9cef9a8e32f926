import type { Lambda } from '../lambda-types.ts';
import type { Route } from '../project/project.ts';
import type { Authorizers } from './authorizers/authorizers.ts';
import type { RouteMatch } from './route-table.ts';

/** A route that takes a request, and the function behind it. */
export interface FoundRoute extends RouteMatch {
  readonly lambda: Lambda;
  readonly authorizers: Authorizers;
}

/** `GET /pets/{id}`, or `$default`. */
export const routeKeyOf = ({ method, path }: Route): string =>
  path === '$default' ? path : `${method} ${path}`;
