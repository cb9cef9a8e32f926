import type { Cors } from '../../project/project.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { type HeaderPair, type HttpRequest, headerValue } from '../http-request.ts';

/**
 * The answer to a preflight request, which needs no route; `undefined` for any other request.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function answerPreflight(cors: Cors, request: HttpRequest): HttpAnswer | undefined {
  const origin = headerValue(request, 'origin');
  const method = headerValue(request, 'access-control-request-method');
  if (request.method !== 'OPTIONS' || origin === undefined || method === undefined) {
    return undefined;
  }
  const { allowMethods, allowHeaders, maxAge } = cors;
  const headers = originHeaders(cors, origin);
  if (headers.length > 0) {
    if (allowMethods) headers.push(['access-control-allow-methods', allowMethods.join(',')]);
    if (allowHeaders) headers.push(['access-control-allow-headers', allowHeaders.join(',')]);
    if (maxAge !== undefined) headers.push(['access-control-max-age', String(maxAge)]);
  }
  return { statusCode: 204, headers, body: Buffer.alloc(0) };
}

/** Replaces the CORS headers of a response with those of the API. */
export function applyCors(answer: HttpAnswer, cors: Cors, request: HttpRequest): HttpAnswer {
  const origin = headerValue(request, 'origin');
  return {
    ...answer,
    headers: [
      ...answer.headers.filter(([name]) => !name.startsWith('access-control-')),
      ...(origin === undefined ? [] : originHeaders(cors, origin)),
    ],
  };
}

/** Empty when the origin is not allowed. */
function originHeaders(cors: Cors, origin: string): HeaderPair[] {
  const { allowOrigins, allowCredentials, exposeHeaders } = cors;
  const isAllowed = allowOrigins.some((allowed) =>
    allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin,
  );
  if (!isAllowed) return [];
  const value = allowOrigins.includes('*') ? '*' : origin;
  return [
    ['access-control-allow-origin', value],
    ...(allowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
    ...(exposeHeaders ? [['access-control-expose-headers', exposeHeaders.join(',')] as const] : []),
  ];
}
