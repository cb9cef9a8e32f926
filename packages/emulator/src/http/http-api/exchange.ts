import type { Api } from '../../project/project.ts';
import type { Exchange, IntegrationResult } from '../exchange.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { withHeaders, withProblem } from '../http-answer.ts';
import { type HttpRequest, headBytes, headerValue } from '../http-request.ts';
import { createRequestId, createTraceId } from '../ids.ts';
import { integrate, type Wording } from '../integrate.ts';
import { HTTP_API_TIMEOUT_MS, MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../limits.ts';
import { authorize } from './authorize.ts';
import { answerPreflight, applyCors } from './cors.ts';
import { createEvents } from './events.ts';
import { message } from './message.ts';
import { readResponse1 } from './response-1.ts';
import { readResponse2 } from './response-2.ts';

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=utf-8';

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
  const { route, lambda } = found;
  const traceId = headerValue(request, 'x-amzn-trace-id') ?? createTraceId(ids.at);
  const events = createEvents(found, request, { ...ids, traceId });
  const entry = await authorize(found, request, { ...events, traceId });
  if ('answer' in entry) return entry;
  const isFormat1 = route.payloadFormat === '1.0';
  const readResponse = isFormat1 ? readResponse1 : readResponse2;
  const { answer, ...rest } = await integrate(lambda, {
    event: isFormat1 ? events.format1(entry.authorizer) : events.format2(entry.authorizer),
    traceId,
    timeoutMs: route.timeoutMs ?? HTTP_API_TIMEOUT_MS,
    wording: { ...WORDING, read: (payload) => readResponse(payload, DEFAULT_CONTENT_TYPE) },
  });
  return { answer: withProblem(answer, entry.problem), ...rest };
}
