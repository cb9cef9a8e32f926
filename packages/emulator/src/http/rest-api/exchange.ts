import { randomUUID } from 'node:crypto';
import type { Mapping } from '../../project/project.ts';
import type { Values } from '../../project/record.ts';
import type { Exchange, IntegrationResult } from '../exchange.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { type HttpAnswer, jsonAnswer, withHeaders, withProblem } from '../http-answer.ts';
import { type HttpRequest, headBytes, headerValue } from '../http-request.ts';
import { createRequestId, createTraceId } from '../ids.ts';
import { integrate, type Wording } from '../integrate.ts';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES, REST_API_TIMEOUT_MS } from '../limits.ts';
import { integrateStream } from '../streaming/integrate-stream.ts';
import { checkApiKey, type KeyIdentity } from './api-key.ts';
import { authorize } from './authorize.ts';
import { buildRestEvent } from './event.ts';
import { gatewayResponse } from './gateway-response.ts';
import { buildMappedEvent, type MappingRefusal } from './mapped-event.ts';
import { readMappedError, readMappedResponse } from './mapped-response.ts';
import { matchesMediaType } from './media-types.ts';
import { answerRestPreflight } from './preflight.ts';
import { validateRequest } from './request-validator.ts';
import { NotBase64Error, readRestResponse } from './response.ts';
import { REST_STREAM } from './streaming.ts';

const serverError = (statusCode: number, problem: string, text = 'Internal server error') =>
  gatewayResponse(
    statusCode,
    `{"message": ${JSON.stringify(text)}}`,
    'InternalServerErrorException',
    problem,
  );

const tooLarge = (problem?: string) =>
  gatewayResponse(413, '{"message":"Request Too Long"}', 'RequestTooLargeException', problem);

const WORDING: Omit<Wording, 'read'> = {
  failed: (problem) => serverError(502, problem),
  refused: (problem) => serverError(500, problem),
  tooLarge,
  unusable: (reason, problem) => serverError(502, problem, reason),
  timedOut: (problem) =>
    gatewayResponse(
      504,
      '{"message": "Endpoint request timed out"}',
      'InternalServerErrorException',
      problem,
    ),
};

interface Ids {
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  readonly at: Date;
}

/** A request to a REST API; `found` is absent when it has no method for it. */
export function restApiExchange(found: FoundRoute | undefined): Exchange {
  return {
    ...(found && { functionName: found.route.functionName, routeKey: routeKeyOf(found.route) }),
    maxBodyBytes: MAX_BODY_BYTES,
    tooLarge,
    failed: (problem) => serverError(500, problem),
    async answer(request, at) {
      const ids: Ids = {
        requestId: randomUUID(),
        extendedRequestId: createRequestId(),
        traceId: headerValue(request, 'x-amzn-trace-id') ?? createTraceId(at),
        at,
      };
      const { answer, ...rest } = await answerWith(found, request, ids);
      return {
        answer: withHeaders(
          answer,
          ['x-amzn-requestid', ids.requestId],
          ['x-amz-apigw-id', ids.extendedRequestId],
          ...(rest.invoke || rest.end ? [['x-amzn-trace-id', ids.traceId] as const] : []),
        ),
        ...rest,
      };
    },
  };
}

async function answerWith(
  found: FoundRoute | undefined,
  request: HttpRequest,
  ids: Ids,
): Promise<IntegrationResult> {
  if (headBytes(request) > MAX_HEAD_BYTES) {
    return {
      answer: gatewayResponse(
        431,
        '{"message":"Request Header Fields Too Large"}',
        'BadRequestException',
      ),
    };
  }
  if (!found) {
    return {
      answer: gatewayResponse(
        403,
        '{"message":"Missing Authentication Token"}',
        'MissingAuthenticationTokenException',
      ),
    };
  }
  const { api, route, lambda } = found;
  const { binaryMediaTypes = [] } = api;
  const buildEvent = (authorizer?: Values, key?: KeyIdentity) =>
    buildRestEvent(request, {
      ...ids,
      ...found,
      resource: route.path,
      operationName: route.operationName,
      stage: api.stage,
      binaryMediaTypes,
      authorizer,
      key,
    });
  const entry = await authorize(found, { request, event: buildEvent, traceId: ids.traceId });
  if ('answer' in entry) return entry;
  const keyed = checkApiKey(found, request, entry.usageKey);
  if ('answer' in keyed) return keyed;
  if (route.preflight) {
    return { answer: answerRestPreflight(route.preflight, headerValue(request, 'origin')) };
  }
  if (route.integration !== undefined) return { answer: notEmulated(found, route.integration) };
  const invalid =
    route.validation && (await validateRequest(route.validation, request, found.pathParameters));
  if (invalid) {
    const body = `{"message": ${JSON.stringify(invalid.message)}}`;
    return { answer: gatewayResponse(400, body, 'BadRequestException', invalid.problem) };
  }
  const event = buildEvent(entry.authorizer, keyed.key);
  const mapped = route.mapping && buildMappedEvent(event, headerValue(request, 'content-type'));
  if (mapped && 'message' in mapped) return { answer: refused(mapped) };
  const takesBinary = matchesMediaType(headerValue(request, 'accept'), binaryMediaTypes);
  const options = {
    event: mapped ? mapped.event : event,
    traceId: ids.traceId,
    timeoutMs: route.timeoutMs ?? REST_API_TIMEOUT_MS,
  };
  const { answer, ...rest } = await (route.streams
    ? integrateStream(lambda, { ...options, wording: { ...WORDING, ...REST_STREAM } })
    : integrate(lambda, {
        ...options,
        wording: {
          ...WORDING,
          ...(route.mapping
            ? mappedWording(route.mapping)
            : { read: (payload) => read(payload, takesBinary) }),
        },
      }));
  return { answer: withProblem(answer, entry.problem), ...rest };
}

function read(payload: Buffer, takesBinary: boolean): HttpAnswer {
  try {
    return readRestResponse(payload, takesBinary);
  } catch (error) {
    if (error instanceof NotBase64Error) return serverError(500, error.message);
    throw error;
  }
}

function mappedWording({ headers }: Mapping): Pick<Wording, 'read' | 'readError'> {
  const pairs = Object.entries(headers);
  return {
    read: (payload) => readMappedResponse(payload, pairs),
    readError: (payload, problem) => readMappedError(payload, pairs, problem),
  };
}

const refused = ({ statusCode, message }: MappingRefusal) =>
  gatewayResponse(
    statusCode,
    JSON.stringify({ message }),
    statusCode === 415 ? 'UnsupportedMediaTypeException' : 'BadRequestException',
    message,
  );

function notEmulated({ route }: FoundRoute, integration: string) {
  const text =
    `The integration ${integration} of ${routeKeyOf(route)} is not emulated; ` +
    'only Lambda proxy integrations are.';
  return jsonAnswer(501, JSON.stringify({ message: text }), { problem: text });
}
