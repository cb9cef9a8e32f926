import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { WhenOver } from './shared.ts';

/** A stand-in for X-Ray's daemon: it takes documents by UDP. */
export async function startXRayDaemon(whenOver: WhenOver = onTestFinished) {
  const documents: Record<string, unknown>[] = [];
  const socket = createSocket('udp4');
  whenOver(async () => void socket.close());
  socket.on('message', (message) => {
    const [header, document = ''] = message.toString().split('\n');
    if (header === '{"format":"json","version":1}') documents.push(JSON.parse(document));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    environment: { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}` },
    /** What has arrived until now. */
    documents,
  };
}
