// Another process of the function, to which a message is a raw round trip over a Unix socket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function openSocketPeer() {
  const path = join(tmpdir(), 'bench-peer.sock');
  const program = join(import.meta.dirname, 'socket-receiver.js');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const peer = spawn(process.execPath, [program, path], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(peer.stdout, 'data');
  const connection = connect(path);
  await once(connection, 'connect');
  let onAnswer = () => {};
  connection.on('data', () => onAnswer());
  return {
    /** Resolves with the answer to it. */
    roundTrip(message) {
      const answer = new Promise((resolve) => {
        onAnswer = resolve;
      });
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      connection.cork();
      connection.write(length);
      connection.write(message);
      connection.uncork();
      return answer;
    },
  };
}
