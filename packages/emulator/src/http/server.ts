import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortUnavailableError } from './errors.ts';
import { createFindExchange, findNothing, type HttpContent } from './find-exchange.ts';
import { handleRequest } from './handle-request.ts';
import type { HttpEvent } from './http-event.ts';
import { MAX_INVOKE_HEAD_BYTES } from './limits.ts';

export interface HttpServerOptions extends HttpContent {
  /** 0 for any free port. */
  readonly port: number;
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** Called with every event at the moment it happens. */
  readonly onEvent?: (event: HttpEvent) => void;
}

export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:3000`, without a slash at the end. */
  readonly url: string;
  /** New requests get the new content; those under way end with the old one. */
  replace(content: HttpContent): void;
  /**
   * Takes no more requests; those that still come on open connections get 503. Resolves when all that
   * were under way have their answers; `close()` cuts off those that have not.
   */
  drain(): Promise<void>;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/**
 * Serves functions behind HTTP APIs, REST APIs and function URLs and over Lambda's Invoke API, all on one
 * port. A client that goes away does not stop the function.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE`.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', onEvent } = options;
  let findExchange = createFindExchange(options);
  let requests = 0;
  let isDraining = false;
  const underWay = new Set<Promise<void>>();

  // The larger limit is the Invoke API's; that of API Gateway is checked for each request.
  const server = createServer({ maxHeaderSize: MAX_INVOKE_HEAD_BYTES }, (request, response) => {
    const handled = handleRequest(request, response, {
      number: ++requests,
      findExchange: isDraining ? findNothing : findExchange,
      isLast: () => isDraining,
      onEvent,
    }).finally(() => underWay.delete(handled));
    underWay.add(handled);
  });
  await listen(server, options.port, host);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    replace(content) {
      findExchange = createFindExchange(content);
    },
    async drain() {
      isDraining = true;
      server.close();
      server.closeIdleConnections();
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new PortUnavailableError({ host, port, cause })),
    );
    server.listen(port, host, resolve);
  });
}
