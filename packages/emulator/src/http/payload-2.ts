import type { Values } from '../project/record.ts';
import { encodeBody } from './event-body.ts';
import { type HeaderPair, type HttpRequest, headerPairs, splitTarget } from './http-request.ts';
import { passedOnHeaders } from './passed-on-headers.ts';
import { formatRequestTime } from './request-time.ts';

/** Event of payload format 2.0; what has no value is absent, not null. */
export interface Event2 {
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
    authorizer?: Values;
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

export interface Event2Options {
  readonly routeKey: string;
  readonly rawPath: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stage: string;
  /** Header names, in lower case, that are left out. */
  readonly withoutHeaders: readonly string[];
  /** The front door's own id of the request; not Lambda's. */
  readonly requestId: string;
  /** `Root=1-…`, used when the request has none. */
  readonly traceId: string;
  readonly at: Date;
  /** What an authorizer has found out. */
  readonly authorizer?: Values | undefined;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function buildEvent2(request: HttpRequest, options: Event2Options): Event2 {
  const { routeKey, rawPath, pathParameters, stage, requestId, traceId, at } = options;
  const { query } = splitTarget(request.target);
  const headers = joinRepeated(
    passedOnHeaders(request, traceId)
      .map(([name, value]): HeaderPair => [name.toLowerCase(), value])
      .filter(([name]) => !options.withoutHeaders.includes(name)),
  );
  const cookies = headerPairs(request.rawHeaders)
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/).filter(Boolean));
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && {
      queryStringParameters: joinRepeated([...new URLSearchParams(query)]),
    }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      ...(options.authorizer && { authorizer: options.authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: formatRequestTime(at),
      timeEpoch: at.getTime(),
    },
    ...encodeBody(request.body, headers['content-type']),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
  };
}

function joinRepeated(pairs: readonly HeaderPair[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of pairs) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
}
