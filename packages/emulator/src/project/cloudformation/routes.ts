import type { ApiRoute } from '../api-list.ts';
import type { AuthorizerScope } from '../authorizers.ts';
import type { Route } from '../project.ts';
import type { Section } from '../section.ts';
import type { Warnings } from '../warnings.ts';
import type { TemplateResource } from './resource.ts';

/** What is known of all templates when their routes are read. */
export interface RouteContext {
  readonly ofType: (...types: readonly string[]) => readonly TemplateResource[];
  /** The name of an API for people, by its id. */
  readonly apiName: (id: string) => string;
  /** The name of the function that an ARN, or an address with one inside, leads to. */
  readonly functionAt: (uri: string) => string | undefined;
  /** The OpenAPI definition of an API, when it has one. */
  readonly definitionOf: (api: TemplateResource) => Section | undefined;
  readonly authorizerScope: AuthorizerScope;
  readonly warnings: Warnings;
}

export const routeOf = (
  { apiName }: RouteContext,
  id: string,
  protocol: ApiRoute['api']['protocol'],
  route: Route,
): ApiRoute => ({ api: { name: apiName(id), protocol }, route });
