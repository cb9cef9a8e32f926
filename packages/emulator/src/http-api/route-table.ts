import type { Route } from '../project/project.ts';

/** The route that takes a request. */
export interface RouteMatch {
  readonly functionName: string;
  /** `GET /pets/{id}`, or `$default`. */
  readonly routeKey: string;
  /** Decoded; empty when the route has no variable. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Integration timeout of the route, when it has one of its own. */
  readonly timeoutMs?: number;
}

export interface RouteTable {
  /** @param path without stage and query, as sent. */
  match(method: string, path: string): RouteMatch | undefined;
}

type Segment = { readonly kind: 'static' | 'variable' | 'greedy'; readonly text: string };
type Entry = { readonly route: Route; readonly segments: readonly Segment[] };

/**
 * API Gateway's choice among routes: first a full match, then a greedy variable, then `$default`; in each
 * group the most specific path wins, and a method wins over `ANY`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function createRouteTable(routes: readonly Route[]): RouteTable {
  const entries = routes
    .filter(({ path }) => path !== '$default')
    .map((route) => ({ route, segments: parsePath(route.path) }))
    .sort(bySpecificity);
  const fallback = routes.find(({ path }) => path === '$default');

  return {
    match(method, path) {
      const parts = path.split('/').slice(1).map(decode);
      for (const { route, segments } of entries) {
        if (route.method !== 'ANY' && route.method !== method) continue;
        const pathParameters = matchSegments(segments, parts);
        if (pathParameters) return toMatch(route, `${route.method} ${route.path}`, pathParameters);
      }
      return fallback && toMatch(fallback, '$default', {});
    },
  };
}

/** Percent-decoding that leaves malformed sequences as they are. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const toMatch = (
  { functionName, timeoutMs }: Route,
  routeKey: string,
  pathParameters: Record<string, string>,
): RouteMatch => ({
  functionName,
  routeKey,
  pathParameters,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
});

function parsePath(path: string): Segment[] {
  return path
    .split('/')
    .slice(1)
    .map((text) => {
      const name = /^\{(.+?)(\+?)\}$/.exec(text);
      if (!name) return { kind: 'static', text };
      return { kind: name[2] ? 'greedy' : 'variable', text: name[1] ?? '' };
    });
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length)
    return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { kind, text }] of segments.entries()) {
    const value = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'static' ? value !== text : value === '') return undefined;
    if (kind !== 'static') parameters[text] = value;
  }
  return parameters;
}

const RANK = { static: 0, variable: 1, greedy: 2 };

function bySpecificity(a: Entry, b: Entry): number {
  const greedy = (entry: Entry) => Number(entry.segments.at(-1)?.kind === 'greedy');
  if (greedy(a) !== greedy(b)) return greedy(a) - greedy(b);
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    // A path that has ended is less specific than one that goes on.
    const rank = (entry: Entry) => RANK[entry.segments[index]?.kind ?? 'greedy'];
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
  }
  return Number(a.route.method === 'ANY') - Number(b.route.method === 'ANY');
}
