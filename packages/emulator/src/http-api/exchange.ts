import type { IncomingMessage, ServerResponse } from 'node:http';
import { buildEvent } from './event.ts';
import { gatewayAnswer, type HttpAnswer } from './http-answer.ts';
import type { HttpApiEvent } from './http-api-event.ts';
import { type HttpRequest, headBytes } from './http-request.ts';
import { createRequestId, createTraceId } from './ids.ts';
import { type IntegrationResult, integrate } from './integration.ts';
import { invokeApi, invokedFunction, tooLarge } from './invoke-api.ts';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES, MAX_SYNC_EVENT_BYTES } from './limits.ts';
import { readBody } from './request-body.ts';
import type { Target, Targets } from './targets.ts';

export interface ExchangeOptions {
  readonly number: number;
  readonly targets: Targets;
  readonly onEvent: ((event: HttpApiEvent) => void) | undefined;
}

type Detail<T> = T extends unknown ? Omit<T, 'at' | 'request'> : never;

/** Takes one request from its first byte to the end of its answer. Never rejects. */
export async function handleRequest(
  message: IncomingMessage,
  response: ServerResponse,
  { number, targets, onEvent }: ExchangeOptions,
): Promise<void> {
  const report = (event: Detail<HttpApiEvent>) =>
    onEvent?.({ at: Date.now(), request: number, ...event });
  const startedAt = new Date();
  const { method = 'GET', url: target = '/' } = message;
  const invoked = invokedFunction(target);
  const found =
    invoked === undefined ? targets.find(method, target, message.headers.host) : undefined;
  const functionName = invoked ?? found?.match.functionName;
  const name = functionName === undefined ? {} : { functionName };

  report({
    type: 'http.request',
    method,
    target,
    ...name,
    ...(found && { routeKey: found.match.routeKey }),
  });
  const requestId = createRequestId();
  const { answer, invoke } = await (invoked === undefined
    ? answerRoute(message, found, requestId, startedAt)
    : answerInvoke(message, invoked, targets)
  ).catch(toFailure);
  report({
    type: 'http.response',
    statusCode: answer.statusCode,
    durationMs: Date.now() - startedAt.getTime(),
    ...name,
    ...(invoke && { requestId: invoke.requestId, environmentId: invoke.environmentId }),
    ...(answer.problem !== undefined && { problem: answer.problem }),
  });
  if (invoked === undefined) response.setHeader('apigw-requestid', requestId);
  send(response, answer);
}

async function answerRoute(
  message: IncomingMessage,
  found: Target | undefined,
  requestId: string,
  at: Date,
): Promise<IntegrationResult> {
  const body = await readBody(message, MAX_BODY_BYTES);
  if (!body) return { answer: gatewayAnswer(413, 'Request Entity Too Large') };
  const request = toHttpRequest(message, body);
  if (headBytes(request) > MAX_HEAD_BYTES) {
    return { answer: gatewayAnswer(431, 'Request Header Fields Too Large') };
  }
  if (!found) return { answer: gatewayAnswer(404, 'Not Found') };
  const { lambda, timeoutMs, isFunctionUrl } = found;
  const event = buildEvent(request, { ...found, requestId, traceId: createTraceId(at), at });
  return integrate(lambda, {
    event,
    traceId: event.headers['x-amzn-trace-id'] ?? '',
    timeoutMs,
    errorStatusCode: isFunctionUrl ? 502 : 500,
  });
}

async function answerInvoke(
  message: IncomingMessage,
  name: string,
  targets: Targets,
): Promise<IntegrationResult> {
  const body = await readBody(message, MAX_SYNC_EVENT_BYTES);
  if (!body) return { answer: tooLarge(MAX_SYNC_EVENT_BYTES) };
  const lambda = targets.functionNamed(name);
  return invokeApi(toHttpRequest(message, body), name, lambda);
}

// The request broke off before its end (nobody is left to read the answer), or the function was closed.
const toFailure = (error: Error): IntegrationResult => ({
  answer: gatewayAnswer(500, 'Internal Server Error', error.message),
});

function toHttpRequest(message: IncomingMessage, body: Buffer): HttpRequest {
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    httpVersion: message.httpVersion,
    rawHeaders: message.rawHeaders,
    body,
    sourceIp: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: message.socket.localPort ?? 0,
  };
}

function send(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(statusCode);
  response.end(body);
}
