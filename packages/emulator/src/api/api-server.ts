import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a process to its environment. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** @returns false when the path is not its own. */
export type ApiHandler = (call: ApiCall) => boolean;

/** The runtime client puts the X-Ray cause of an error, up to 1 MiB, into a header. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024;

/** The loopback server of one environment: what `AWS_LAMBDA_RUNTIME_API` points to. */
export class ApiServer {
  readonly #server: Server;

  private constructor(handlers: readonly ApiHandler[]) {
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
      // A process that is killed in the middle of a call is dealt with where its exit is seen.
      request.on('error', () => {});
      response.on('error', () => {});
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      const call = { method: request.method ?? 'GET', path, request, response };
      if (handlers.some((handle) => handle(call))) return;
      request.resume();
      response.writeHead(404).end('404 page not found\n');
    });
    // `next` is silent for as long as the environment is frozen.
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.keepAliveTimeout = 0;
    this.#server.timeout = 0;
  }

  static async listen(handlers: readonly ApiHandler[]): Promise<ApiServer> {
    const api = new ApiServer(handlers);
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', () => resolve());
    });
    return api;
  }

  /** `127.0.0.1:<port>`. */
  get address(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** For each path, its one method and what it does. */
export type Routes = Readonly<Record<string, readonly [method: string, run: () => void]>>;

/** Runs the call of its path, or refuses a wrong method. @returns false when there is no such path. */
export function route({ method, path, request, response }: ApiCall, routes: Routes): boolean {
  const [expected, run] = routes[path] ?? [];
  if (!run) return false;
  if (method === expected) {
    run();
  } else {
    request.resume();
    response.writeHead(405).end();
  }
  return true;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const json = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': json.length,
    ...headers,
  });
  response.end(json);
}

/** The form of every error of the platform's APIs. */
export function sendError(
  response: ServerResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  sendJson(response, status, { errorMessage, errorType });
}
