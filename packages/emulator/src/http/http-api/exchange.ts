import type { Api } from '../../project/project.ts';
import type { Exchange, IntegrationResult } from '../exchange.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { jsonAnswer, withHeaders } from '../http-answer.ts';
import { type HttpRequest, headBytes, headerValue, splitTarget } from '../http-request.ts';
import { createRequestId, createTraceId } from '../ids.ts';
import { integrate, type Wording } from '../integrate.ts';
import { HTTP_API_TIMEOUT_MS, MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../limits.ts';
import { buildEvent2 } from '../payload-2.ts';
import { decode } from '../route-table.ts';
import { answerPreflight, applyCors } from './cors.ts';
import { buildHttpApiEvent1 } from './event-1.ts';
import { readResponse1 } from './response-1.ts';
import { readResponse2 } from './response-2.ts';

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=utf-8';

const message = (statusCode: number, text: string, problem?: string) =>
  jsonAnswer(statusCode, JSON.stringify({ message: text }), { problem });

const tooLarge = (problem?: string) => message(413, 'Request Entity Too Large', problem);
const failed = (problem: string) => message(500, 'Internal Server Error', problem);

const WORDING: Omit<Wording, 'read'> = {
  failed,
  refused: failed,
  tooLarge,
  unusable: (reason, problem) => message(502, reason, problem),
  timedOut: (problem) => message(503, 'Service Unavailable', problem),
};

/** A request to an HTTP API; `found` is absent when it has no route for it. */
export function httpApiExchange(found: FoundRoute | undefined, api: Api | undefined): Exchange {
  const { cors } = api ?? {};
  return {
    ...(found && { functionName: found.route.functionName, routeKey: routeKeyOf(found.route) }),
    maxBodyBytes: MAX_BODY_BYTES,
    tooLarge,
    failed,
    async answer(request, at) {
      const requestId = createRequestId();
      const preflight = cors && answerPreflight(cors, request);
      const { answer, ...rest } = preflight
        ? { answer: preflight }
        : await answerWith(found, request, { requestId, at });
      const complete = cors && !preflight ? applyCors(answer, cors, request) : answer;
      return { answer: withHeaders(complete, ['apigw-requestid', requestId]), ...rest };
    },
  };
}

async function answerWith(
  found: FoundRoute | undefined,
  request: HttpRequest,
  ids: { readonly requestId: string; readonly at: Date },
): Promise<IntegrationResult> {
  if (headBytes(request) > MAX_HEAD_BYTES) {
    return { answer: message(431, 'Request Header Fields Too Large') };
  }
  if (!found) return { answer: message(404, 'Not Found') };
  const { api, route, lambda } = found;
  const traceId = headerValue(request, 'x-amzn-trace-id') ?? createTraceId(ids.at);
  const common = {
    ...ids,
    traceId,
    stage: api.stage,
    pathParameters: Object.fromEntries(
      Object.entries(found.pathParameters).map(([name, value]) => [name, decode(value)]),
    ),
  };
  const isFormat1 = route.payloadFormat === '1.0';
  const event = isFormat1
    ? buildHttpApiEvent1(request, { ...common, method: route.method, resource: route.path })
    : buildEvent2(request, {
        ...common,
        routeKey: routeKeyOf(route),
        rawPath: decode(splitTarget(request.target).path),
        withoutHeaders: ['cookie'],
      });
  const readResponse = isFormat1 ? readResponse1 : readResponse2;
  return integrate(lambda, {
    event,
    traceId,
    timeoutMs: route.timeoutMs ?? HTTP_API_TIMEOUT_MS,
    wording: { ...WORDING, read: (payload) => readResponse(payload, DEFAULT_CONTENT_TYPE) },
  });
}
