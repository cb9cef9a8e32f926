import type { Api, Route } from '../project/project.ts';

/** The route that takes a request. */
export interface RouteMatch {
  readonly api: Api;
  readonly route: Route;
  /** Path as sent, in the form that the API's routes have: without the stage. */
  readonly path: string;
  /** As sent; empty when the route has no variable. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

export interface RouteTable {
  /** @param path without query, as sent. */
  match(method: string, path: string): RouteMatch | undefined;
}

type Segment = { readonly kind: 'static' | 'variable' | 'greedy'; readonly text: string };
type Entry = { readonly api: Api; readonly route: Route; readonly segments: readonly Segment[] };

/**
 * API Gateway's choice among routes: first a full match, then a greedy variable, then `$default`; in each
 * group the most specific path wins, and a method wins over `ANY`. Among equals the first API wins.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function createRouteTable(apis: readonly Api[]): RouteTable {
  const all = apis.flatMap((api) => api.routes.map((route) => ({ api, route })));
  const entries = all
    .filter(({ route }) => route.path !== '$default')
    .map(({ api, route }) => ({ api, route, segments: parsePath(route.path) }))
    .sort(bySpecificity);
  const fallbacks = all.filter(({ route }) => route.path === '$default');

  return {
    match(method, sent) {
      const paths = new Map(apis.map((api) => [api, pathsWithinApi(api, sent)]));
      const find = (attempt: 0 | 1): RouteMatch | undefined => {
        for (const entry of entries) {
          const { api, route } = entry;
          const path = paths.get(api)?.[attempt];
          if (path === undefined) continue;
          if (route.method !== 'ANY' && route.method !== method) continue;
          const pathParameters = matchSegments(entry, splitPath(api, path));
          if (pathParameters) return { api, route, path, pathParameters };
        }
        for (const { api, route } of fallbacks) {
          const path = paths.get(api)?.[attempt];
          if (path !== undefined) return { api, route, path, pathParameters: {} };
        }
        return undefined;
      };
      // A route with its stage comes before what leaves the stage out, whatever they look like.
      return find(0) ?? find(1);
    },
  };
}

/** Percent-decoding that leaves malformed sequences unchanged. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What a path may mean to an API, in the order to try. The stage of a REST API can be left out, because
 * `sam local` does without.
 */
function pathsWithinApi({ protocol, stage }: Api, path: string): (string | undefined)[] {
  switch (protocol) {
    case 'http':
      return [stage === '$default' ? path : withoutStage(path, stage)];
    case 'rest': {
      const whole = oneSlash(path);
      const within = withoutStage(whole, stage);
      if (within === undefined) return [undefined, whole];
      return within === '/' ? [within] : [oneSlash(within), whole];
    }
    default:
      return protocol satisfies never;
  }
}

const oneSlash = (path: string): string => path.replace(/^\/+/, '/');

/** `undefined` when the path does not start with the stage. */
function withoutStage(path: string, stage: string): string | undefined {
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}

/** To a REST API, slashes at the end mean nothing. */
const splitPath = ({ protocol }: Api, path: string): string[] =>
  (protocol === 'rest' ? path.replace(/(?<=.)\/+$/, '') : path).split('/').slice(1);

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
  { api, segments }: Entry,
  parts: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  // The greedy variable of an HTTP API may be empty, with or without the slash before it.
  const canBeEmpty = isGreedy && api.protocol === 'http';
  const fewest = canBeEmpty ? segments.length - 1 : segments.length;
  if (parts.length < fewest || (!isGreedy && parts.length > segments.length)) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { kind, text }] of segments.entries()) {
    const value = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    const isMissing = value === '' && !(kind === 'greedy' && canBeEmpty);
    if (kind === 'static' ? decode(value) !== text : isMissing) return undefined;
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
    // A path that has ended is less specific than one that continues.
    const rank = (entry: Entry) => RANK[entry.segments[index]?.kind ?? 'greedy'];
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
  }
  return Number(a.route.method === 'ANY') - Number(b.route.method === 'ANY');
}
