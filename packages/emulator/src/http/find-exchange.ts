import type { IncomingMessage } from 'node:http';
import type { Lambda } from '../lambda-types.ts';
import type { Api } from '../project/project.ts';
import { createAuthorizers } from './authorizers/authorizers.ts';
import type { Exchange } from './exchange.ts';
import type { FoundRoute } from './found-route.ts';
import { type FunctionUrl, functionUrlExchange } from './function-url/exchange.ts';
import { jsonAnswer } from './http-answer.ts';
import { httpApiExchange } from './http-api/exchange.ts';
import { splitTarget } from './http-request.ts';
import { invokeExchange } from './invoke-api/exchange.ts';
import { invokedFunction } from './invoke-api/invoke-api.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { restApiExchange } from './rest-api/exchange.ts';
import { createRouteTable, type RouteTable } from './route-table.ts';

/** What is served; can be replaced while it runs. */
export interface HttpContent {
  /** Served together at the port, and each one alone at `http://NAME.execute-api.localhost:PORT/`. */
  readonly apis: readonly Api[];
  /** By the `functionName` of routes and authorizers. */
  readonly functions: ReadonlyMap<string, Lambda>;
  /** Served at `http://NAME.lambda-url.localhost:PORT/`. */
  readonly functionUrls?: readonly FunctionUrl[];
}

/** The `host` header tells function URLs and single APIs apart. */
export type FindExchange = (
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
) => Exchange;

/** For a server that takes no more requests. */
export const findNothing: FindExchange = () => {
  const unavailable = () =>
    jsonAnswer(503, '{"message":"Service Unavailable"}', { problem: 'shutting down' });
  return {
    maxBodyBytes: MAX_BODY_BYTES,
    tooLarge: unavailable,
    failed: unavailable,
    answer: async () => ({ answer: unavailable() }),
  };
};

const SPECIAL_HOST = /^([^.]+)\.(lambda-url|execute-api)\./i;

const EXCHANGES = { http: httpApiExchange, rest: restApiExchange };

/** Finds out which protocol a request speaks, and which function it goes to. */
export function createFindExchange({
  apis,
  functions,
  functionUrls = [],
}: HttpContent): FindExchange {
  const authorizers = createAuthorizers(functions);
  const table = createRouteTable(apis);
  const tables = new Map(apis.map((api) => [api, createRouteTable([api])]));
  // An API answers where no route fits: the only one, or the first.
  const [first] = apis;

  const route = (within: RouteTable, method: string, target: string): FoundRoute | undefined => {
    const match = within.match(method, splitTarget(target).path);
    const lambda = match && functions.get(match.route.functionName);
    return match && lambda && { ...match, lambda, authorizers };
  };
  const functionUrl = (label: string): Exchange => {
    const url = functionUrls.find(({ functionName }) => isSameHost(functionName, label));
    const lambda = url && functions.get(url.functionName);
    return functionUrlExchange(url && lambda ? { ...url, lambda } : undefined);
  };
  const functionNamed = (name: string): Lambda | undefined =>
    functions.get(name) ?? [...functions.values()].find((lambda) => lambda.name === name);

  return ({ method = 'GET', url: target = '/', headers }) => {
    const invoked = invokedFunction(target);
    if (invoked) return invokeExchange(invoked, functionNamed(invoked.name));
    const [, label = '', kind] = SPECIAL_HOST.exec(headers.host ?? '') ?? [];
    if (kind?.toLowerCase() === 'lambda-url') return functionUrl(label);
    const own = [...tables].find(([{ name }]) => isSameHost(name, label));
    const [fallback, within] = own ?? [first, table];
    const found = route(within, method, target);
    // A preflight request needs no route, but belongs to the API of the request that it announces.
    const announced = headers['access-control-request-method'];
    const meant = found ?? (announced ? route(within, announced, target) : undefined);
    const api = meant?.api ?? fallback;
    return EXCHANGES[api?.protocol ?? 'http'](found, api);
  };
}

// Host names have no upper case, names of functions and APIs do.
const isSameHost = (name: string, label: string): boolean =>
  name.toLowerCase() === label.toLowerCase();
