import { type CorsSettings, methodsOf, toCors, toPreflight } from '../cors.ts';
import type { Cors, Route } from '../project.ts';
import type { Section } from '../section.ts';

/** What Serverless Framework allows unless the file says otherwise. */
const HEADERS = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
  'X-Amzn-Trace-Id',
];

/** `provider.httpApi.cors`; without `allowedMethods` these are the methods of the routes. */
export function readHttpApiCors(provider: Section, routes: readonly Route[]): Cors | undefined {
  const httpApi = provider.section('httpApi');
  const whole = httpApi.get('cors');
  if (whole === undefined || whole === false) return undefined;
  const methods = methodsOf(routes);
  if (typeof whole !== 'object') return toCors({ headers: HEADERS, methods });
  const cors = httpApi.section('cors');
  return toCors({
    origins: listOf(cors, 'allowedOrigins'),
    headers: listOf(cors, 'allowedHeaders') ?? HEADERS,
    methods: listOf(cors, 'allowedMethods') ?? methods,
    exposed: listOf(cors, 'exposedResponseHeaders'),
    credentials: cors.get('allowCredentials') === true,
    maxAge: cors.integer('maxAge'),
  });
}

/** `cors` of an `http` event. */
export function readHttpCors(event: Section, method: string): CorsSettings | undefined {
  const whole = event.get('cors');
  if (whole === undefined || whole === false) return undefined;
  const methods = methodsOf([{ method }]);
  if (typeof whole !== 'object') return { headers: HEADERS, methods };
  const cors = event.section('cors');
  return {
    origins: listOf(cors, 'origins') ?? listOf(cors, 'origin'),
    headers: listOf(cors, 'headers') ?? HEADERS,
    methods: union(listOf(cors, 'methods'), methods),
    credentials: cors.get('allowCredentials') === true,
    maxAge: cors.integer('maxAge'),
    cacheControl: cors.string('cacheControl'),
  };
}

/** What `cors` of an `http` event adds to every response behind `integration: lambda`. */
export const responseHeaders = ({ origins = ['*'], credentials }: CorsSettings) => ({
  'access-control-allow-origin': origins.join(','),
  ...(credentials && { 'access-control-allow-credentials': 'true' }),
});

/** The OPTIONS routes for events with `cors`: one for each path, with what its events ask for together. */
export function preflightRoutes(
  events: readonly { readonly route: Route; readonly cors?: CorsSettings | undefined }[],
): Route[] {
  const byPath = Map.groupBy(
    events.filter(({ cors }) => cors),
    ({ route }) => route.path,
  );
  const hasOwn = (path: string) =>
    events.some(({ route }) => route.method === 'OPTIONS' && route.path === path);
  return [...byPath]
    .filter(([path]) => !hasOwn(path))
    .map(([path, [first, ...others]]) => ({
      method: 'OPTIONS',
      path,
      functionName: first?.route.functionName ?? '',
      preflight: toPreflight(
        others.reduce((earlier, { cors }) => merge(cors ?? {}, earlier), first?.cors ?? {}),
      ),
    }));
}

const merge = (last: CorsSettings, earlier: CorsSettings): CorsSettings => ({
  origins: union(last.origins, earlier.origins),
  headers: union(last.headers, earlier.headers),
  methods: union(last.methods, earlier.methods),
  credentials: (last.credentials || earlier.credentials) ?? false,
  maxAge: last.maxAge ?? earlier.maxAge,
  cacheControl: last.cacheControl ?? earlier.cacheControl,
});

const union = (
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): string[] | undefined => (a || b ? [...new Set([...(a ?? []), ...(b ?? [])])] : undefined);

/** Items may be in one text, with commas between them. */
function listOf(section: Section, key: string): string[] | undefined {
  if (!section.has(key)) return undefined;
  return section.list(key).flatMap((item) => String(item).split(/\s*,\s*/));
}
