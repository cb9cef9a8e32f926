import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lambda } from '../lambda-types.ts';
import type { Route } from '../project/project.ts';
import { PortUnavailableError } from './errors.ts';
import { handleRequest } from './exchange.ts';
import type { HttpApiEvent } from './http-api-event.ts';
import { MAX_INVOKE_HEAD_BYTES } from './limits.ts';
import { createTargets } from './targets.ts';

/** What the HTTP API serves; can be replaced while it runs. */
export interface HttpApiContent {
  readonly routes: readonly Route[];
  /** By the `functionName` of routes. */
  readonly functions: ReadonlyMap<string, Lambda>;
  /** Names of the functions that have a function URL: `http://NAME.lambda-url.localhost:PORT/`. */
  readonly functionUrls?: readonly string[];
}

export interface HttpApiOptions extends HttpApiContent {
  /** 0 for any free port. */
  readonly port: number;
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** Default `$default`; any other name is the first segment of every path. */
  readonly stage?: string;
  /** Called with every event at the moment it happens. */
  readonly onEvent?: (event: HttpApiEvent) => void;
}

export interface HttpApi {
  readonly port: number;
  /** `http://127.0.0.1:3000`, without a slash at the end. */
  readonly url: string;
  /** New requests get the new content; those under way end with the old one. */
  replace(content: HttpApiContent): void;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/**
 * Serves functions as an API Gateway HTTP API (payload format 2.0), as function URLs and over Lambda's
 * Invoke API, all on one port. A client that goes away does not stop the function.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE`.
 */
export async function startHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { host = '127.0.0.1', stage = '$default', onEvent } = options;
  let targets = createTargets(options, stage);
  let requests = 0;

  // The larger limit is the Invoke API's; that of the HTTP API is checked for each request.
  const server = createServer({ maxHeaderSize: MAX_INVOKE_HEAD_BYTES }, (request, response) => {
    void handleRequest(request, response, { number: ++requests, targets, onEvent });
  });
  await listen(server, options.port, host);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    replace(content) {
      targets = createTargets(content, stage);
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
