import type { Cors, Preflight, Route } from './project.ts';

/** The methods that `ANY` stands for. */
const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** What a project file says of CORS, whatever the names of its keys. */
export interface CorsSettings {
  /** Default: all. */
  readonly origins?: readonly string[] | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly headers?: readonly string[] | undefined;
  readonly exposed?: readonly string[] | undefined;
  readonly credentials?: boolean;
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly cacheControl?: string | undefined;
}

export function toCors(settings: CorsSettings): Cors {
  const { origins = ['*'], methods, headers, exposed, credentials, maxAge } = settings;
  return {
    allowOrigins: origins,
    ...(methods && { allowMethods: methods }),
    ...(headers && { allowHeaders: headers }),
    ...(exposed && { exposeHeaders: exposed }),
    ...(credentials && { allowCredentials: true }),
    ...(maxAge !== undefined && { maxAge }),
  };
}

export function toPreflight(settings: CorsSettings): Preflight {
  const { origins = ['*'], methods, headers, credentials, maxAge, cacheControl } = settings;
  return {
    headers: {
      'access-control-allow-origin': origins[0] ?? '*',
      ...(headers && { 'access-control-allow-headers': headers.join(',') }),
      ...(methods && { 'access-control-allow-methods': methods.join(',') }),
      ...(credentials && { 'access-control-allow-credentials': 'true' }),
      ...(maxAge !== undefined && { 'access-control-max-age': String(maxAge) }),
      ...(cacheControl !== undefined && { 'cache-control': cacheControl }),
    },
    origins: origins.filter((origin) => origin !== '*'),
  };
}

/** OPTIONS and the methods that routes have; all of them for `ANY`. */
export function methodsOf(routes: readonly Pick<Route, 'method'>[]): string[] {
  const methods = routes.flatMap(({ method }) => (method === 'ANY' ? ALL_METHODS : [method]));
  return [...new Set(['OPTIONS', ...methods])];
}
