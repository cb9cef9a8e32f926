import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Respond = (response: ServerResponse, received: Received) => void;

/** Accepts every job, and every end of an invocation. */
export const accept: Respond = (response, { path }) => {
  response.setHeader('async-http-version', '1');
  if (path === '/jobs') response.writeHead(202).end('{"jobId":"request-1.1"}');
  else response.writeHead(204).end();
};

/** Answers with this status and body, as an extension of the client's version. */
export function answer(status: number, body: string): Respond {
  return (response) => response.writeHead(status, { 'async-http-version': '1' }).end(body);
}

/** A path for a socket, in a folder that goes when the test ends. */
export async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'extension.sock');
}

/** A real HTTP server on a Unix socket, in the place of the extension; it writes down what it receives. */
export async function startStandIn(respond: Respond = accept, path?: string) {
  const listensAt = path ?? (await socketPath());
  const received: Received[] = [];
  const connections = new Set<Socket>();
  let connected = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const message = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      received.push(message);
      respond(response, message);
    });
  });
  server.keepAliveTimeout = 0; // As the extension: a connection lasts as long as the function process.
  server.on('connection', (socket) => {
    connected += 1;
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(listensAt, resolve));

  const close = async () => {
    for (const socket of connections) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);

  return {
    env: { ASYNC_HTTP_SOCKET: listensAt },
    received,
    close,
    /** How many connections there have been so far. */
    get connected() {
      return connected;
    },
    /** How many of them are open now. */
    get open() {
      return connections.size;
    },
  };
}
