import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Bell, LineCutter } from './bell.ts';

/** The FIFO that the launcher has opened, for reading and writing, so it never ends. */
export function fifoBell(inheritedFd: number): Bell {
  return {
    listen(onLine) {
      const cutter = new LineCutter(onLine);
      new Socket({ fd: ownDescriptor(inheritedFd), readable: true, writable: false })
        .on('data', (chunk: Buffer) => cutter.push(chunk))
        .on('error', () => {}); // A FIFO that is open for writing here has no way to break.
    },
  };
}

/** The inherited descriptor would be passed on to the handler process and all that it starts. */
function ownDescriptor(inheritedFd: number): number {
  try {
    const { O_RDWR, O_NONBLOCK } = constants;
    const fd = openSync(`/proc/self/fd/${inheritedFd}`, O_RDWR | O_NONBLOCK);
    closeSync(inheritedFd);
    return fd;
  } catch {
    return inheritedFd;
  }
}
