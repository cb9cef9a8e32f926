import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ApiOptions {
  /** The function's handler, which the answer to the registration names. */
  readonly handler?: string;
  /** How answers are written. Default: as JSON with its length. */
  readonly write?: (response: ServerResponse, status: number, json: string) => void;
  readonly registerStatus?: number;
}

const IDENTIFIER = '9f6fe5c0-9a4a-4d4e-8e3d-6a5a5b6b0b0e';

/** As Lambda's Extensions API: registers, and answers `next` when the test says what is next. */
export async function startExtensionsApi({
  handler = 'index.handler',
  write = (response, status, json) =>
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(json) }).end(json),
  registerStatus = 200,
}: ApiOptions = {}) {
  const calls: ApiCall[] = [];
  const registered = Promise.withResolvers<ApiCall>();
  /** Who waits for the next event, and who waits for that. */
  let asking: ServerResponse | undefined;
  const onAsking: (() => void)[] = [];
  let nexts = 0;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const call = { method, path, headers, body: Buffer.concat(chunks).toString() };
    calls.push(call);
    if (path === '/2020-01-01/extension/register') {
      response.setHeader('Lambda-Extension-Identifier', IDENTIFIER);
      const json = JSON.stringify({ functionName: 'shop', functionVersion: '$LATEST', handler });
      write(response, registerStatus, json);
      registered.resolve(call);
    } else if (path === '/2020-01-01/extension/event/next') {
      nexts += 1;
      asking = response;
      for (const resolve of onAsking.splice(0)) resolve();
    } else {
      write(response, 200, '"OK"');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  function answer(event: object): void {
    if (!asking) throw new Error('the extension does not ask for an event');
    const response = asking;
    asking = undefined;
    write(response, 200, JSON.stringify(event));
  }

  return {
    address: `127.0.0.1:${port}`,
    port,
    calls,
    registered: registered.promise,
    /** How often it has asked for the next event. */
    get nexts() {
      return nexts;
    },
    get isAsked() {
      return asking !== undefined;
    },
    /** Resolves when the extension asks for the next event, or has asked. */
    asked(): Promise<void> {
      return asking ? Promise.resolve() : new Promise((resolve) => onAsking.push(resolve));
    },
    invoke(requestId: string, deadlineMs = Date.now() + 60_000): void {
      answer({
        eventType: 'INVOKE',
        deadlineMs,
        requestId,
        invokedFunctionArn: 'arn',
        tracing: {},
      });
    },
    shutdown(shutdownReason = 'spindown'): void {
      answer({ eventType: 'SHUTDOWN', deadlineMs: Date.now() + 2_000, shutdownReason });
    },
  };
}
