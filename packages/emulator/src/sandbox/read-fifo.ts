import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { LineReader } from './line-reader.ts';

/** Resolves when every writer has closed its end. */
export function readFifo(path: string, onLine: (line: string) => void): Promise<void> {
  const lines = new LineReader(onLine);
  let fd: number;
  try {
    // Without O_NONBLOCK, opening would wait for the writer.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // The sandbox was closed meanwhile.
    return Promise.resolve();
  }
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('data', (chunk) => lines.push(chunk));
  return new Promise((resolve) => {
    const end = () => {
      lines.end();
      resolve();
    };
    socket.on('end', end);
    socket.on('error', end);
  });
}
