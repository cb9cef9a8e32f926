import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the service answers to the n-th request (from 0); nothing at all for `silence`. */
type Behaviour = (
  n: number,
) => { status: number; headers?: Record<string, string>; body?: string } | 'silence' | 'reset';

/** A service on a loopback port that writes down what it is sent. */
export async function startRecordingAws(behave: Behaviour) {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const answer = behave(requests.length);
    requests.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
    if (answer === 'silence') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** The parts of a SigV4 `authorization` header that say who signs what for whom. */
export function signatureOf({ headers }: RecordedRequest) {
  const match =
    /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/\d{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, SignedHeaders=(?<signed>[a-z0-9;-]+), Signature=[0-9a-f]{64}$/.exec(
      headers.authorization ?? '',
    );
  return { ...match?.groups };
}
