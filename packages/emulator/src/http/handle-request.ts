import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange, IntegrationResult } from './exchange.ts';
import type { FindExchange } from './find-exchange.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpEvent } from './http-event.ts';
import type { HttpRequest } from './http-request.ts';
import { readBody } from './request-body.ts';

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
  const { answer, invoke } = await perform(exchange, message, at).catch((error: Error) => ({
    answer: exchange.failed(error.message),
    invoke: undefined,
  }));
  report({
    type: 'http.response',
    statusCode: answer.statusCode,
    durationMs: Date.now() - at.getTime(),
    ...name,
    ...(invoke && { requestId: invoke.requestId, environmentId: invoke.environmentId }),
    ...(answer.problem !== undefined && { problem: answer.problem }),
  });
  response.shouldKeepAlive &&= !isLast();
  await send(response, answer);
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

async function send(
  response: ServerResponse,
  { statusCode, headers, body }: HttpAnswer,
): Promise<void> {
  if (response.destroyed) return;
  const sent = new Promise((resolve) => response.once('close', resolve));
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(statusCode);
  response.end(body);
  await sent;
}
