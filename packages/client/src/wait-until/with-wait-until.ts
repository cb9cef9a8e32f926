import { isThenable } from '../is-thenable.ts';
import { requestOf } from '../requests/current-request.ts';
import { shared } from '../shared.ts';

const start = () => shared(process.env);
const state = /* @__PURE__ */ start();

type Handler = (...args: never[]) => unknown;

/** What makes a handler a streaming one, for AWS's runtime client. */
const STREAMING = /* @__PURE__ */ Symbol.for('aws.lambda.runtime.handler.streaming');

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
    const request = requestOf(context);
    const end = request && state.requests.begin(request);
    const result = Reflect.apply(handler, this, args);
    // A handler with a callback ends when it calls that, and Lambda reports it.
    return isThenable(result) ? Promise.resolve(result).finally(end) : result;
  }
  return Object.defineProperties(wrapped, symbolProperties(handler)) as unknown as THandler;
}

/**
 * For middleware: makes the request and its deadline known before the handler runs, as `withWaitUntil` does. The
 * end of the request is then seen in the runtime.
 */
export function beginRequest(context: unknown): void {
  const request = requestOf(context);
  if (request) state.requests.know(request);
}

function symbolProperties(handler: object): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = {};
  for (const symbol of Object.getOwnPropertySymbols(handler)) {
    const property = Object.getOwnPropertyDescriptor(handler, symbol);
    if (property) Object.assign(properties, { [symbol]: property });
  }
  return properties;
}
