import type { ApiRoute } from '../api-list.ts';
import type { AuthorizerScope } from '../authorizers.ts';
import type { Route } from '../project.ts';
import type { Warnings } from '../warnings.ts';
import type { CdkResource } from './resources.ts';

/** What is known of all stacks when their routes are read. */
export interface RouteContext {
  readonly ofType: (...types: readonly string[]) => readonly CdkResource[];
  /** The name of an API for people, by its id. */
  readonly apiName: (id: string) => string;
  /** The name of the function that an ARN, or an address with one inside, leads to. */
  readonly functionAt: (uri: string) => string | undefined;
  readonly authorizerScope: AuthorizerScope;
  readonly warnings: Warnings;
}

export const routeOf = (
  { apiName }: RouteContext,
  id: string,
  protocol: ApiRoute['api']['protocol'],
  route: Route,
): ApiRoute => ({ api: { name: apiName(id), protocol }, route });
