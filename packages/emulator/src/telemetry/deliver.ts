import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

/** Where a subscriber listens inside the environment, which is the machine's loopback here. */
export type Destination =
  | { readonly protocol: 'HTTP'; readonly port: number; readonly path: string }
  | { readonly protocol: 'TCP'; readonly port: number };

/** Sends one batch. @returns whether the subscriber took it. Ends early when the signal aborts. */
export function deliver(
  destination: Destination,
  events: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  return destination.protocol === 'HTTP'
    ? post(destination, `[${events.join(',')}]`, signal)
    : write(destination.port, events.map((event) => `${event}\n`).join(''), signal);
}

function post(
  { port, path }: { port: number; path: string },
  body: string,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    // No timeout: the subscriber may be frozen with the batch on its way, and takes it after the thaw.
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      agent: false,
      signal,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    });
    request.on('response', (response) => {
      const { statusCode = 500 } = response;
      response.resume();
      response.on('end', () => resolve(statusCode < 300));
      response.on('error', () => resolve(false));
    });
    request.on('error', () => resolve(false));
    request.end(body);
  });
}

function write(port: number, lines: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, signal });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.end(lines, () => resolve(true)));
  });
}
