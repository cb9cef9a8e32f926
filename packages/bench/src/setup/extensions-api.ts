import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now } from '../clock.ts';

/** Longer than any sample, so that no deadline plays a part. */
const TIMEOUT_MS = 60_000;

/**
 * As little of Lambda's Extensions and Telemetry API as one extension needs. It runs inside the
 * benchmark, so the arrival of a call is timed on the spot; it freezes nothing and delivers no telemetry.
 */
export interface ExtensionsApi {
  /** `AWS_LAMBDA_RUNTIME_API` */
  readonly address: string;
  /** When the extension has registered; see `now()`. */
  readonly registered: Promise<number>;
  /** When the extension has asked for the event after the last `invoke()`, or for the first one. */
  nextCall(): Promise<number>;
  /** Answers the waiting call with an INVOKE event. Wait for `nextCall()` before. */
  invoke(): { readonly requestId: string; readonly deadlineMs: number };
  close(): void;
}

export async function startExtensionsApi(): Promise<ExtensionsApi> {
  const registered = Promise.withResolvers<number>();
  let nextCall = Promise.withResolvers<number>();
  let waiting: ServerResponse | undefined;
  let invocations = 0;

  const server = createServer((request: IncomingMessage, response) => {
    const arrivedAt = now();
    request.resume();
    switch (request.url) {
      case '/2020-01-01/extension/register':
        registered.resolve(arrivedAt);
        response.setHeader('Lambda-Extension-Identifier', 'bench');
        response.end(
          '{"functionName":"bench","functionVersion":"$LATEST","handler":"index.handler"}',
        );
        break;
      case '/2020-01-01/extension/event/next':
        waiting = response;
        nextCall.resolve(arrivedAt);
        break;
      default:
        response.end('OK');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    registered: registered.promise,
    nextCall: () => nextCall.promise,
    invoke() {
      if (!waiting) throw new Error('The extension has not asked for an event.');
      invocations += 1;
      const request = { requestId: `request-${invocations}`, deadlineMs: Date.now() + TIMEOUT_MS };
      const event = { eventType: 'INVOKE', ...request };
      const response = waiting;
      waiting = undefined;
      nextCall = Promise.withResolvers();
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(event));
      return request;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
