import type { Lambda } from '../lambda-types.ts';
import type { Route } from '../project/project.ts';
import { splitTarget } from './http-request.ts';
import { MAX_INTEGRATION_TIMEOUT_MS } from './limits.ts';
import { createRouteTable, type RouteMatch } from './route-table.ts';

/** The function that a request goes to, and under which rules. */
export interface Target {
  readonly lambda: Lambda;
  readonly match: RouteMatch;
  readonly stage: string;
  readonly isFunctionUrl: boolean;
  /** How long the client waits at most; `Infinity` when only the function's own timeout counts. */
  readonly timeoutMs: number;
}

export interface Targets {
  /** @param host value of the `host` header, which tells function URLs from the HTTP API. */
  find(method: string, target: string, host: string | undefined): Target | undefined;
  /** Finds a function by the name in the project file, or by the one it has in Lambda. */
  functionNamed(name: string): Lambda | undefined;
}

const FUNCTION_URL_HOST = /^([^.]+)\.lambda-url\./i;

export function createTargets(
  {
    routes,
    functions,
    functionUrls = [],
  }: {
    readonly routes: readonly Route[];
    readonly functions: ReadonlyMap<string, Lambda>;
    readonly functionUrls?: readonly string[];
  },
  stage: string,
): Targets {
  const table = createRouteTable(routes);

  const findUrl = (label: string): Target | undefined => {
    // Host names have no upper case, function names do.
    const name = functionUrls.find((url) => url.toLowerCase() === label.toLowerCase());
    const lambda = name === undefined ? undefined : functions.get(name);
    if (name === undefined || !lambda) return undefined;
    return {
      lambda,
      match: { functionName: name, routeKey: '$default', pathParameters: {} },
      stage: '$default',
      isFunctionUrl: true,
      timeoutMs: Number.POSITIVE_INFINITY,
    };
  };

  return {
    find(method, target, host) {
      const label = FUNCTION_URL_HOST.exec(host ?? '')?.[1];
      if (label !== undefined) return findUrl(label);
      const path = withoutStage(splitTarget(target).path, stage);
      const match = path === undefined ? undefined : table.match(method, path);
      const lambda = match && functions.get(match.functionName);
      if (!match || !lambda) return undefined;
      const timeoutMs = match.timeoutMs ?? MAX_INTEGRATION_TIMEOUT_MS;
      return { lambda, match, stage, isFunctionUrl: false, timeoutMs };
    },
    functionNamed: (name) =>
      functions.get(name) ?? [...functions.values()].find((lambda) => lambda.name === name),
  };
}

/** `undefined` when the path does not start with the stage. */
function withoutStage(path: string, stage: string): string | undefined {
  if (stage === '$default') return path;
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}
