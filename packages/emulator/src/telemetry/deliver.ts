import { connect } from 'node:net';
import { httpClient, WITHOUT_TIME_LIMITS } from '../http-client.ts';

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

async function post(
  { port, path }: { port: number; path: string },
  body: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { request } = await httpClient();
    const response = await request(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal,
      // The subscriber may be frozen with the batch on its way, and takes it after the thaw; a connection that has
      // been through a freeze is not used again.
      ...WITHOUT_TIME_LIMITS,
      reset: true,
    });
    await response.body.dump();
    return response.statusCode < 300;
  } catch {
    return false;
  }
}

function write(port: number, lines: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, signal });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.end(lines, () => resolve(true)));
  });
}
