import { readApiKeySource } from '../api-keys.ts';
import { type ApiRoute, groupByApi } from '../api-list.ts';
import type { CorsSettings } from '../cors.ts';
import type { Place } from '../errors.ts';
import type { Api, QueueEventSource, Route } from '../project.ts';
import { readQueueEvent } from '../queue-event-source.ts';
import { isRecord } from '../record.ts';
import { readTransferMode, toHttpApiRoute, toRestRoute } from '../routes.ts';
import type { Section } from '../section.ts';
import { misspelt, nonProxy, notEmulated, webSocketRoutes } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import type { ServerlessAuthorizers } from './authorizers.ts';
import { preflightRoutes, readHttpApiCors, readHttpCors, responseHeaders } from './cors.ts';
import { readRequestChecks } from './request-checks.ts';

/** A service has at most one API of each kind. */
const HTTP_API = { name: 'httpApi', protocol: 'http' } as const;
const REST_API = { name: 'restApi', protocol: 'rest' } as const;

const PROXY = ['LAMBDA-PROXY', 'LAMBDA_PROXY', 'AWS_PROXY', 'AWS-PROXY'];

const MAPPED = ['LAMBDA', 'AWS'];

const QUEUE_KEYS = {
  batchSize: 'batchSize',
  window: 'maximumBatchingWindow',
  responseTypes: 'functionResponseType',
  enabled: 'enabled',
  filters: 'filterPatterns',
};

export interface EventContext {
  readonly functionName: string;
  /** The entry of `functions`. */
  readonly section: Section;
  readonly provider: Section;
  readonly authorizers: ServerlessAuthorizers;
  readonly warnings: Warnings;
}

/** A route of an event, and what an `http` event says of CORS. */
export interface EventRoute extends ApiRoute {
  readonly cors?: CorsSettings | undefined;
}

/** The routes among a function's events. Events of other kinds become warnings, one for each kind. */
export function readEvents(context: EventContext): EventRoute[] {
  const { section, warnings } = context;
  const events = section.items('events');
  const webSockets = events.filter((event) => event.has('websocket'));
  if (webSockets.length > 0) {
    warnings.add(webSocketRoutes(webSockets.map(webSocketRoute)), webSockets[0]?.place());
  }
  return events.flatMap((event): EventRoute[] =>
    event.keys().flatMap((kind): EventRoute[] => {
      if (kind === 'httpApi') return [{ api: HTTP_API, route: readHttpApiRoute(event, context) }];
      if (kind === 'http') return [{ api: REST_API, ...readRestRoute(event, context) }];
      if (kind === 'sqs' || kind === 'websocket') return [];
      const meant = ['httpApi', 'http'].find((known) => known.toLowerCase() === kind.toLowerCase());
      warnings.add(meant ? misspelt(kind, meant) : notEmulated(kind), event.place());
      return [];
    }),
  );
}

/** `websocket: $connect`, or a map with `route`. */
function webSocketRoute(event: Section): string {
  const whole = event.get('websocket');
  return String(isRecord(whole) ? whole.route : whole);
}

/** The queues among a function's events. */
export function readQueueEvents(
  { functionName, section }: EventContext,
  evaluate: (value: unknown) => unknown,
): QueueEventSource[] {
  return section
    .items('events')
    .filter((event) => event.has('sqs'))
    .flatMap((event) => {
      const whole = evaluate(event.get('sqs'));
      const settings = isRecord(whole) ? event.section('sqs') : undefined;
      const arn = isRecord(whole) ? whole.arn : whole;
      return readQueueEvent({
        functionName,
        queueArn: typeof arn === 'string' ? arn : undefined,
        settings,
        concurrency: [settings, 'maximumConcurrency'],
        keys: QUEUE_KEYS,
      });
    });
}

function readHttpApiRoute(event: Section, context: EventContext): Route {
  const { functionName, section, provider, authorizers } = context;
  const { value, method, path } = readShortForm(event, 'httpApi');
  const payload = section.section('httpApi').has('payload')
    ? section.section('httpApi').string('payload')
    : provider.section('httpApi').string('payload');
  return toHttpApiRoute(
    {
      method,
      path,
      functionName,
      ...(payload === '1.0' && { payloadFormat: payload }),
      ...(value?.has('authorizer') && authorizers.ofHttpApi(value)),
    },
    event.place('httpApi'),
  );
}

function readRestRoute(
  event: Section,
  { functionName, provider, authorizers, warnings }: EventContext,
): Pick<EventRoute, 'route' | 'cors'> {
  const { value, method, path } = readShortForm(event, 'http');
  const place = event.place('http');
  if (value === undefined) return { route: toRestRoute({ method, path, functionName }, place) };

  const isMapped = usesOwnTemplates(value);
  const integration = isMapped ? undefined : readIntegration(value);
  const timeoutMs = value.integer('timeoutInMillis');
  const operationName = value.string('operationId');
  const route = toRestRoute(
    {
      method,
      path,
      functionName,
      timeoutMs,
      ...(operationName !== undefined && { operationName }),
      ...(integration && { integration }),
      ...readTransferMode(value.section('response').string('transferMode')),
      ...(value.has('authorizer') && authorizers.ofHttp(value)),
      ...readRequestChecks(value, provider),
    },
    place,
  );
  if (integration) {
    const key = value.has('integration') ? 'integration' : 'async';
    warnings.add(nonProxy(integration, route.method, route.path), value.place(key));
  }
  const cors = readHttpCors(value, route.method);
  const mapping = { headers: cors ? responseHeaders(cors) : {} };
  return { route: isMapped ? { ...route, mapping } : route, cors };
}

/** Whether the framework's own templates stand between API Gateway and the function. */
function usesOwnTemplates(event: Section): boolean {
  const integration = event.string('integration')?.toUpperCase() ?? '';
  const request = event.section('request');
  return (
    MAPPED.includes(integration) &&
    event.get('async') !== true &&
    !event.has('response') &&
    !['template', 'passThrough'].some((key) => request.has(key))
  );
}

/** `undefined` for a Lambda proxy integration. */
function readIntegration(value: Section): string | undefined {
  const integration = value.string('integration');
  if (integration === undefined) return value.get('async') === true ? 'async' : undefined;
  return PROXY.includes(integration.toUpperCase()) ? undefined : integration;
}

/** `'GET /path'`, `'*'` or `/path`, or a map of `method` and `path`, which comes along as `value`. */
function readShortForm(
  event: Section,
  kind: string,
): { method: string | undefined; path: string | undefined; value?: Section } {
  const whole = event.get(kind);
  if (typeof whole === 'object') {
    const value = event.section(kind);
    return { method: value.string('method'), path: value.string('path'), value };
  }
  const [first = '*', path] = String(whole).trim().split(/\s+/);
  return path === undefined && first.startsWith('/')
    ? { method: '*', path: first }
    : { method: first, path };
}

/** Groups the routes of all functions. A service has one stage, which only its REST API shows. */
export function readApis(
  events: readonly EventRoute[],
  { provider, stage, place }: { provider: Section; stage: string; place: Place },
): Api[] {
  const apiGateway = provider.section('apiGateway');
  const binaryMediaTypes = apiGateway.list('binaryMediaTypes').map(String);
  return groupByApi(
    events,
    ({ protocol }, routes) => {
      if (protocol === 'rest') {
        return {
          stage,
          ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
          ...readApiKeySource(apiGateway.string('apiKeySourceType')),
          more: preflightRoutes(events.filter(({ api }) => api === REST_API)),
        };
      }
      const cors = readHttpApiCors(provider, routes);
      return { stage: '$default', ...(cors && { cors }) };
    },
    place,
  );
}
