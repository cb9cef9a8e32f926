import { createServer, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Server as Sockets,
} from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Lambda, type LambdaOptions, startLambda } from '../../src/index.ts';

/** It answers at once. */
const fast = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end('{}');
});
/** It never answers. */
export const silent = createServer(() => {});
/** It accepts connections and never sends anything. */
const socketOnly = createSocketServer((socket) => socket.on('error', () => {}).resume());

const listen = (server: Sockets) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const urlOf = (server: Server | Sockets) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(() => Promise.all([fast, silent, socketOnly].map(listen)));
afterAll(() => {
  for (const server of [fast, silent]) {
    server.closeAllConnections();
    server.close();
  }
  socketOnly.close();
});

/** A function of fixtures/unfinished with `trackUnfinished`, unless the options say otherwise. */
export async function startTracked(
  handler: string,
  options: Partial<LambdaOptions> = {},
): Promise<Lambda> {
  const lambda = await startLambda({
    code: join(import.meta.dirname, '../fixtures/unfinished'),
    handler: `index.${handler}`,
    environment: { FAST: urlOf(fast), SILENT: urlOf(silent), SOCKET_ONLY: urlOf(socketOnly) },
    trackUnfinished: true,
    ...options,
  });
  onTestFinished(() => lambda.close());
  return lambda;
}
