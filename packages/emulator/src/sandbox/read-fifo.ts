import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { LineReader } from './line-reader.ts';

export interface FifoReader {
  /** Resolves when every writer has closed its end, or after `close()`. */
  readonly ended: Promise<void>;
  /** Where no writer has ever opened the FIFO, nothing else ends it, and it keeps Node.js from ending. */
  close(): void;
}

export function readFifo(path: string, onLine: (line: string) => void): FifoReader {
  const lines = new LineReader(onLine);
  let fd: number;
  try {
    // Without O_NONBLOCK, opening would wait for the writer.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // The sandbox was closed meanwhile.
    return { ended: Promise.resolve(), close: () => {} };
  }
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('data', (chunk) => lines.push(chunk));
  socket.on('error', () => {}); // It is followed by 'close'.
  return {
    ended: new Promise((resolve) => {
      socket.on('close', () => {
        lines.end();
        resolve();
      });
    }),
    close: () => void socket.destroy(),
  };
}
