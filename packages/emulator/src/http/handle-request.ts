import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange, IntegrationResult, Outcome } from './exchange.ts';
import type { FindExchange } from './find-exchange.ts';
import type { HttpEvent } from './http-event.ts';
import type { HttpRequest } from './http-request.ts';
import { readBody } from './request-body.ts';
import { sendAnswer } from './send-answer.ts';

export interface HandleOptions {
  readonly number: number;
  readonly findExchange: FindExchange;
  /** Whether the connection ends with this answer. */
  readonly isLast: () => boolean;
  readonly onEvent: ((event: HttpEvent) => void) | undefined;
}

type Detail<T> = T extends unknown ? Omit<T, 'at' | 'request'> : never;

/** Takes one request from its first byte until its answer is sent, or the client is gone. Never rejects. */
export async function handleRequest(
  message: IncomingMessage,
  response: ServerResponse,
  { number, findExchange, isLast, onEvent }: HandleOptions,
): Promise<void> {
  const report = (event: Detail<HttpEvent>) =>
    onEvent?.({ at: Date.now(), request: number, ...event });
  const at = new Date();
  const { method = 'GET', url: target = '/' } = message;
  const exchange = findExchange(message);
  const { functionName, routeKey } = exchange;
  const name = functionName === undefined ? {} : { functionName };

  report({
    type: 'http.request',
    method,
    target,
    ...name,
    ...(routeKey !== undefined && { routeKey }),
  });
  const { answer, invoke, end } = await perform(exchange, message, at).catch(
    (error: Error): IntegrationResult => ({ answer: exchange.failed(error.message) }),
  );
  const { statusCode } = answer;
  const reportEnd = ({ invoke, problem = answer.problem }: Outcome) =>
    report({
      type: 'http.response',
      statusCode,
      durationMs: Date.now() - at.getTime(),
      ...name,
      ...(invoke && { requestId: invoke.requestId, environmentId: invoke.environmentId }),
      ...(problem !== undefined && { problem }),
    });
  if (!end) reportEnd({ ...(invoke && { invoke }) });
  response.shouldKeepAlive &&= !isLast();
  await sendAnswer(response, answer);
  if (end) reportEnd(await end);
}

async function perform(
  exchange: Exchange,
  message: IncomingMessage,
  at: Date,
): Promise<IntegrationResult> {
  const body = await readBody(message, exchange.maxBodyBytes);
  if (!body) return { answer: exchange.tooLarge() };
  return exchange.answer(toHttpRequest(message, body), at);
}

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
