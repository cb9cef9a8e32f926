import type { Values } from '../../project/record.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { type HttpRequest, splitTarget } from '../http-request.ts';
import type { Event1 } from '../payload-1.ts';
import { buildEvent2, type Event2 } from '../payload-2.ts';
import { decode } from '../route-table.ts';
import { buildHttpApiEvent1 } from './event-1.ts';

/** The events of a request, by payload format, with what an authorizer has found out. */
export interface HttpApiEvents {
  format1(authorizer?: Values): Event1;
  format2(authorizer?: Values): Event2;
}

export function createEvents(
  { api, route, pathParameters: sent }: FoundRoute,
  request: HttpRequest,
  ids: { readonly requestId: string; readonly traceId: string; readonly at: Date },
): HttpApiEvents {
  const pathParameters = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, decode(value)]),
  );
  const common = { ...ids, stage: api.stage, pathParameters };
  return {
    format1: (authorizer) =>
      buildHttpApiEvent1(request, {
        ...common,
        method: route.method,
        resource: route.path,
        authorizer,
      }),
    format2: (authorizer) =>
      buildEvent2(request, {
        ...common,
        routeKey: routeKeyOf(route),
        rawPath: decode(splitTarget(request.target).path),
        withoutHeaders: ['cookie'],
        authorizer,
      }),
  };
}
