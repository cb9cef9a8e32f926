import { type Place, ProjectInvalidError } from './errors.ts';
import type { Route } from './project.ts';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const PATH =
  /^\/(?:[^/{}\s]+|\{[^/{}+\s]+\})?(?:\/(?:[^/{}\s]+|\{[^/{}+\s]+\}))*(?:\/?\{[^/{}+\s]+\+\}|\/)?$/;

/** A route as a project file has it: both parts may be missing, and `*` stands for anything. */
export interface RouteInput extends Omit<Route, 'method' | 'path' | 'timeoutMs'> {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Checks a route of an HTTP API and puts it into the form of API Gateway. */
export function toHttpApiRoute(input: RouteInput, place: Place): Route {
  const { path = '*' } = input;
  const method = toMethod(input.method);
  if (path === '*' || path === '$default') {
    if (method !== 'ANY') {
      throw new ProjectInvalidError(
        place,
        `the route "${method} ${path}" does not exist in HTTP APIs: the catch-all route takes every method. Use the path /{proxy+}.`,
      );
    }
    return withoutUndefined(input, { method: 'ANY', path: '$default' });
  }
  return checkRoute(input, { method, path }, place);
}

/** What a route says of its response transfer mode; SAM and API Gateway have different words for it. */
export const readTransferMode = (mode: string | undefined): Pick<Route, 'streams'> =>
  /^(?:RESPONSE_)?STREAM$/i.test(mode ?? '') ? { streams: true } : {};

/** In media types, API Gateway writes a slash as `~1`. */
export const toMediaType = (type: unknown): string => String(type).replaceAll('~1', '/');

/** Checks a route of a REST API; slashes around the path do not matter. */
export function toRestRoute(input: RouteInput, place: Place): Route {
  const path = `/${(input.path ?? '').replace(/^\/+|\/+$/g, '')}`;
  return checkRoute(input, { method: toMethod(input.method), path }, place);
}

const toMethod = (method = '*'): string => method.toUpperCase().replace('*', 'ANY');

function checkRoute(
  input: RouteInput,
  { method, path }: { method: string; path: string },
  place: Place,
): Route {
  if (!METHODS.includes(method)) {
    throw new ProjectInvalidError(
      place,
      `the method ${method} of route ${path} is not one of ${METHODS.join(', ')}.`,
    );
  }
  if (!PATH.test(path)) {
    throw new ProjectInvalidError(
      place,
      `the path "${path}" is not one that API Gateway takes. It starts with /, a variable is a whole segment, ` +
        'and {proxy+} is the last one.',
    );
  }
  return withoutUndefined(input, { method, path });
}

const withoutUndefined = (
  { timeoutMs, ...input }: RouteInput,
  parts: { method: string; path: string },
): Route => ({ ...input, ...parts, ...(timeoutMs === undefined ? {} : { timeoutMs }) });

/** @throws code `ASYNC_HTTP_EMULATOR_PROJECT_INVALID` when an API has the same route twice. */
export function checkDuplicates(routes: readonly Route[], place: Place): void {
  const seen = new Map<string, Route>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    const other = seen.get(key);
    if (other) {
      throw new ProjectInvalidError(
        place,
        `the route "${key}" belongs to ${other.functionName} and to ${route.functionName}. Remove one.`,
      );
    }
    seen.set(key, route);
  }
}
