import { type Place, ProjectInvalidError } from './errors.ts';
import type { Route } from './project.ts';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const PATH =
  /^\/(?:[^/{}\s]+|\{[^/{}+\s]+\})?(?:\/(?:[^/{}\s]+|\{[^/{}+\s]+\}))*(?:\/?\{[^/{}+\s]+\+\}|\/)?$/;

/** A route as a project file has it: both parts may be missing, and `*` stands for anything. */
export interface RouteInput {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly functionName: string;
  readonly timeoutMs?: number | undefined;
}

/** Checks a route and puts it into the form of API Gateway. */
export function toRoute(input: RouteInput, place: Place): Route {
  const { functionName, timeoutMs } = input;
  const rest = { functionName, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const { path = '*' } = input;
  const method = (input.method ?? '*').toUpperCase().replace('*', 'ANY');
  if (path === '*' || path === '$default') {
    if (method !== 'ANY') {
      throw new ProjectInvalidError(
        place,
        `the route "${method} ${path}" does not exist in HTTP APIs: the catch-all route takes every method. Use the path /{proxy+}.`,
      );
    }
    return { method: 'ANY', path: '$default', ...rest };
  }
  if (!METHODS.includes(method)) {
    throw new ProjectInvalidError(
      place,
      `the method ${method} of route ${path} is not one of ${METHODS.join(', ')}.`,
    );
  }
  if (!PATH.test(path)) {
    throw new ProjectInvalidError(
      place,
      `the path "${path}" is not one that HTTP APIs take. It starts with /, a variable is a whole segment, ` +
        'and {proxy+} is the last one.',
    );
  }
  return { method, path, ...rest };
}

/** @throws code `ASYNC_HTTP_EMULATOR_PROJECT_INVALID` when two functions have the same route. */
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
