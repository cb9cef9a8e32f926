import { now } from '../clock.ts';
import type { Stand } from '../figure.ts';
import { startExtensionsApi } from './extensions-api.ts';
import { openSocket } from './message-socket.ts';
import { startSocketPeer } from './socket-peer.ts';

/** For the row of the table that it makes. */
export const NEXT_LIMIT = 'a byte on a Unix socket → node:http GET on a new connection';

/**
 * The least that lies between a message to the extension and its call of `/event/next`, in ms.
 *
 * @returns a function that takes one sample.
 */
export async function nextLimit(stand: Stand): Promise<() => Promise<number>> {
  const api = await startExtensionsApi();
  stand.onEnd(() => api.close());
  const { socket } = await startSocketPeer(stand, 'socket-to-next.js', {
    AWS_LAMBDA_RUNTIME_API: api.address,
  });
  const connection = await openSocket(socket);
  connection.write('.');
  await api.nextCall();
  return async () => {
    api.invoke();
    const sentAt = now();
    connection.write('.');
    return (await api.nextCall()) - sentAt;
  };
}
