import type { LambdaContext } from '../hand-off/lambda-context.ts';
import { shared } from '../shared.ts';
import { background } from './background.ts';

background(process.env);
const { requests } = shared(process.env);

type Handler = (...args: never[]) => unknown;

/** What makes a handler a streaming one, for AWS's runtime client. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * Wraps a handler so that its request and its deadline are known from the beginning, and its end at once, in
 * any runtime. Handlers run the same with and without it; streaming handlers stay streaming handlers.
 *
 * @returns a handler that declares no more parameters than the runtime client of Node.js 24 admits.
 */
export function withWaitUntil<THandler extends Handler>(handler: THandler): THandler {
  const isStreaming = STREAMING in handler;

  function wrapped(this: unknown, ...args: unknown[]): unknown {
    const context = args[isStreaming ? 2 : 1];
    const requestId = beginRequest(context);
    const result = Reflect.apply(handler, this, args);
    // A handler with a callback ends when it calls that, and Lambda tells of it.
    if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return result;
    return Promise.resolve(result).finally(() => end(requestId));
  }
  return Object.defineProperties(wrapped, symbolProperties(handler)) as unknown as THandler;
}

/**
 * For middleware: makes the request and its deadline known before the handler runs, as `withWaitUntil` does. The
 * end of the request is then seen in the runtime.
 *
 * @returns the request's id
 */
export function beginRequest(context: unknown): string | undefined {
  const { awsRequestId, getRemainingTimeInMillis } = (context ?? {}) as Partial<LambdaContext>;
  const leftMs = getRemainingTimeInMillis?.();
  const deadlineMs = leftMs === undefined ? undefined : Math.round(Date.now() + leftMs);
  if (awsRequestId !== undefined) requests.begin({ requestId: awsRequestId, deadlineMs });
  return awsRequestId;
}

/** Where the runtime shows the end itself, that is exact; else the reply is posted an immediate after this. */
function end(requestId: string | undefined): void {
  if (requestId === undefined || requests.areWatched) return;
  setImmediate(() => setImmediate(() => requests.end(requestId)));
}

function symbolProperties(handler: object): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = {};
  for (const symbol of Object.getOwnPropertySymbols(handler)) {
    const property = Object.getOwnPropertyDescriptor(handler, symbol);
    if (property) Object.assign(properties, { [symbol]: property });
  }
  return properties;
}
