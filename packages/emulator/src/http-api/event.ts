import { type HeaderPair, type HttpRequest, headerPairs, splitTarget } from './http-request.ts';
import { decode, type RouteMatch } from './route-table.ts';

/** Event of payload format 2.0; what has no value is absent, not null. */
export interface HttpApiEventV2 {
  version: '2.0';
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[];
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: {
    accountId: string;
    apiId: string;
    domainName: string;
    domainPrefix: string;
    http: {
      method: string;
      path: string;
      protocol: string;
      sourceIp: string;
      userAgent: string;
    };
    requestId: string;
    routeKey: string;
    stage: string;
    time: string;
    timeEpoch: number;
  };
  body?: string;
  pathParameters?: Record<string, string>;
  isBase64Encoded: boolean;
}

/** What API Gateway adds to a request on its way to the function. */
export interface EventContext {
  readonly match: RouteMatch;
  readonly stage: string;
  /** API Gateway's own id of the request; not Lambda's. */
  readonly requestId: string;
  /** `Root=1-…`, used when the request has none. */
  readonly traceId: string;
  readonly at: Date;
  /** A function URL passes path and `cookie` header on as they came; an HTTP API does not. */
  readonly isFunctionUrl: boolean;
}

// They belong to the connection between client and API Gateway.
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The event that a function gets for a request.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function buildEvent(request: HttpRequest, context: EventContext): HttpApiEventV2 {
  const { match, stage, at } = context;
  const { path, query } = splitTarget(request.target);
  const rawPath = context.isFunctionUrl ? path : decode(path);
  const pairs = headerPairs(request.rawHeaders);
  const cookies = pairs
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/).filter(Boolean));
  const headers = buildHeaders(pairs, request, context);
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  const queryStringParameters = joinRepeated([...new URLSearchParams(query)]);
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: match.routeKey,
      stage,
      time: formatTime(at),
      timeEpoch: at.getTime(),
    },
    ...encodeBody(request.body, headers['content-type']),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
  };
}

function buildHeaders(
  pairs: readonly HeaderPair[],
  { body, sourceIp, port }: HttpRequest,
  { traceId, isFunctionUrl }: EventContext,
): Record<string, string> {
  const headers = joinRepeated(
    pairs.filter(([name]) => !HOP_BY_HOP.has(name) && (isFunctionUrl || name !== 'cookie')),
  );
  return {
    ...headers,
    'content-length': String(body.length),
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId,
    'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
    'x-forwarded-port': String(port),
    'x-forwarded-proto': 'http',
  };
}

function joinRepeated(pairs: readonly HeaderPair[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of pairs) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
}

// What counts as text was found out on AWS (ministack pull request 766); the guide does not list it. Also
// forms, and bodies without a content type, arrive as base64.
const TEXT = /^\s*(?:text\/[^;]+|application\/(?:json|xml|javascript))\s*(?:;|$)/i;

function encodeBody(
  body: Buffer,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  return TEXT.test(contentType ?? '')
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` */
function formatTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
