import type { AwsResources } from '../aws-resources.ts';
import type { Section } from '../section.ts';
import { webSocketRoutes } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';

/** A resource of a template. */
export interface NamedResource {
  readonly name: string;
  readonly resource: Section;
}

export interface WebSocketContext {
  /** `AWS::ApiGatewayV2::Api` and `AWS::ApiGatewayV2::Route`. */
  readonly apis: readonly NamedResource[];
  readonly routes: readonly NamedResource[];
  readonly resources: AwsResources;
  readonly warnings: Warnings;
}

/** Warns of WebSocket APIs. @returns the names of their routes. */
export function warnOfWebSockets({
  apis,
  routes,
  resources,
  warnings,
}: WebSocketContext): readonly string[] {
  return apis.flatMap((api) => {
    if (api.resource.section('Properties').string('ProtocolType') !== 'WEBSOCKET') return [];
    const own = routes.filter(
      ({ resource }) =>
        resources.silently(() => resource.section('Properties').string('ApiId')) === api.name,
    );
    const keys = own.map(
      ({ resource }) => resource.section('Properties').string('RouteKey') ?? '$default',
    );
    warnings.add(webSocketRoutes(keys), api.resource.place());
    return own.map(({ name }) => name);
  });
}
