import { connect } from 'node:net';
import { httpClient, WITHOUT_TIME_LIMITS } from '../http-client.ts';

/** Where a subscriber listens inside the environment. */
export type Destination =
  | { readonly protocol: 'HTTP'; readonly port: number; readonly path: string }
  | { readonly protocol: 'TCP'; readonly port: number };

type Outcome = 'taken' | 'refused' | 'nobody listens';

/**
 * Sends one batch, to the first of these addresses at which anybody listens.
 *
 * @returns whether the subscriber took it. Ends early when the signal aborts.
 */
export async function deliver(
  destination: Destination,
  addresses: readonly string[],
  events: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const address of addresses) {
    const outcome =
      destination.protocol === 'HTTP'
        ? await post(address, destination, `[${events.join(',')}]`, signal)
        : await write(address, destination, events.map((event) => `${event}\n`).join(''), signal);
    if (outcome !== 'nobody listens') return outcome === 'taken';
  }
  return false;
}

async function post(
  address: string,
  { port, path }: { port: number; path: string },
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const { request } = await httpClient();
    const response = await request(`http://${address}:${port}${path}`, {
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
    return response.statusCode < 300 ? 'taken' : 'refused';
  } catch (error) {
    return failure(error);
  }
}

function write(
  host: string,
  { port }: { port: number },
  lines: string,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    socket.on('error', (error) => resolve(failure(error)));
    socket.on('connect', () => socket.end(lines, () => resolve('taken')));
  });
}

function failure(error: unknown): Outcome {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'nobody listens' : 'refused';
}
