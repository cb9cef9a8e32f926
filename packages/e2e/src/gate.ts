import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `hold`: no answer until the mode changes. `down`: the connection breaks. `refuse`: a missing permission. */
export type GateMode = 'pass' | 'hold' | 'down' | 'refuse';

/** Stands between the extension and a service, so that the service can be slow, down or unwilling. */
export async function openGate(service: string) {
  let mode: GateMode = 'pass';
  let changed = Promise.withResolvers<void>();
  let arrived = Promise.withResolvers<void>();

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    arrived.resolve();
    while (mode === 'hold') await changed.promise;
    if (response.destroyed) return; // Its sender has given up, or is gone.
    if (mode === 'down') request.socket.resetAndDestroy();
    else if (mode === 'refuse') refuse(response);
    else await forward(service, request, Buffer.concat(chunks), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setMode(next: GateMode): void {
      mode = next;
      arrived = Promise.withResolvers();
      changed.resolve();
      changed = Promise.withResolvers();
    },
    /** Resolves when a request has come since the mode was set. */
    get arrival(): Promise<void> {
      return arrived.promise;
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Gate = Awaited<ReturnType<typeof openGate>>;

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
  response.end('{"__type":"com.amazonaws.sqs#AccessDenied","message":"not allowed"}');
}

async function forward(
  service: string,
  { method = 'POST', url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, expect: ____, ...kept } = headers;
  const answer = await fetch(`${service}${url}`, {
    method,
    headers: kept as Record<string, string>,
    body,
  });
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
  });
  response.end(Buffer.from(await answer.arrayBuffer()));
}
