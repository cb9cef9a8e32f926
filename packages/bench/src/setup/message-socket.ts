import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection with `programs/socket-receiver.js`. */
export interface MessageSocket {
  /** Sends the bytes and waits for the answer. One at a time. */
  roundTrip(message: Buffer): Promise<void>;
}

export async function openMessageSocket(path: string): Promise<MessageSocket> {
  const socket = await openSocket(path);
  return {
    roundTrip: (message) =>
      new Promise((resolve) => {
        socket.once('data', () => resolve());
        const length = Buffer.allocUnsafe(4);
        length.writeUInt32BE(message.length);
        socket.cork();
        socket.write(length);
        socket.write(message);
        socket.uncork();
      }),
  };
}

/** Keeps no process alive; it ends with the program at its other end. */
export async function openSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  socket.unref();
  socket.on('error', () => {}); // Its peer has been killed: the figure is over.
  return socket;
}
