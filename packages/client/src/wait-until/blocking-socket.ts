import { readSync, writeSync } from 'node:fs';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';

/** A wait on memory that nobody changes: the only way to sleep without the event loop. */
const never = /* @__PURE__ */ new Int32Array(/* @__PURE__ */ new SharedArrayBuffer(4));
const FIRST_PAUSE_MS = 0.1;

/**
 * A socket that is read and written without the event loop. Only for short talks on the same machine,
 * while the function starts: what is required (CommonJS) or preloaded has no other way to wait, and a
 * worker thread would cost 15 ms and megabytes.
 */
export class BlockingSocket {
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #giveUpAt: number;

  /** @param limitMs for everything that is done with this socket */
  constructor(address: TcpNetConnectOpts, limitMs: number) {
    this.#giveUpAt = Date.now() + limitMs;
    this.#socket = connectAtOnce(address).on('error', () => {}); // Reads and writes throw it as well.
    // Node.js has no public name for it.
    const { fd = -1 } = (this.#socket as Socket & { _handle?: { fd?: number } })._handle ?? {};
    if (fd < 0) throw new Error('the descriptor of the socket is not to be had');
    this.#fd = fd;
  }

  /** @throws when the connection was refused, or is lost, or time is up */
  write(text: string): void {
    this.#whenReady(() => writeSync(this.#fd, text)); // Too short to be written in parts.
  }

  /** @returns what has arrived, or nothing when the other side has closed. @throws as {@link write} */
  read(): Buffer {
    const chunk = Buffer.alloc(4096);
    return chunk.subarray(
      0,
      this.#whenReady(() => readSync(this.#fd, chunk)),
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Each try that finds nothing throws, which costs time. So each pause is 10 % longer than the one before. */
  #whenReady(attempt: () => number): number {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 1.1) {
      try {
        return attempt();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        if (Date.now() > this.#giveUpAt) throw new Error('no answer in time');
        Atomics.wait(never, 0, 0, pauseMs);
      }
    }
  }
}

/**
 * `connect()` puts the connection to an IP address off to the next tick. A lookup of one's own would be called at
 * once, but Node.js loads its DNS module for that: 5 ms.
 */
function connectAtOnce(address: TcpNetConnectOpts): Socket {
  const { nextTick } = process;
  process.nextTick = (act: (...args: unknown[]) => void, ...args: unknown[]) => act(...args);
  try {
    return connect(address);
  } finally {
    process.nextTick = nextTick;
  }
}
