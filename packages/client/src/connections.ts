import { connect, type Socket } from 'node:net';
import { type HttpAnswer, readAnswer } from './http-answer.ts';
import type { TimeLimit } from './time-limit.ts';

/** The bytes of a request. */
export interface RequestBytes {
  /** Request line and headers, with the empty line that ends them. */
  readonly head: string;
  /** UTF-8 */
  readonly body: string | Buffer;
}

const NOTHING = Buffer.alloc(0);

type Settle = (error: Error | undefined, answer?: HttpAnswer) => void;

/**
 * Connections over Unix sockets, one exchange at a time each. They are kept for as long as this process
 * lives, which the other side relies on, and keep it alive only while an exchange is under way.
 *
 * By hand, because `node:http` makes a hand-off take a third longer, and 3 ms of INIT for its first request.
 */
export class Connections {
  readonly #limit: number;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  /** @param limit how many may be open at once; further exchanges wait for one to end */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Rejects when the connection cannot be made (`syscall: 'connect'`), breaks, or the time is over. */
  exchange(socketPath: string, request: RequestBytes, limit: TimeLimit): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      let connection: Connection | undefined;
      const start = () => {
        connection = this.#take(socketPath);
        connection.send(request, (error, answer) => {
          if (answer) resolve(answer);
          else reject(error);
          this.#startWaiting();
        });
      };
      limit.onPass = () => {
        const error = new Error('no answer in time');
        const place = this.#waiting.indexOf(start);
        if (place !== -1) this.#waiting.splice(place, 1);
        connection?.destroy(error);
        reject(error);
      };
      this.#waiting.push(start);
      this.#startWaiting();
    });
  }

  /** When one connection has died, the idle ones have too. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && (this.#idle.length > 0 || this.#open < this.#limit)) {
      this.#waiting.shift()?.();
    }
  }

  #take(socketPath: string): Connection {
    const place = this.#idle.findLastIndex((connection) => connection.socketPath === socketPath);
    const [kept] = place === -1 ? [] : this.#idle.splice(place, 1);
    if (kept) return kept;
    this.#open += 1;
    return new Connection(socketPath, {
      idle: (connection) => this.#idle.push(connection),
      closed: (connection) => {
        this.#open -= 1;
        const place = this.#idle.indexOf(connection);
        if (place !== -1) this.#idle.splice(place, 1);
        this.#startWaiting();
      },
    });
  }
}

interface Listener {
  idle(connection: Connection): void;
  closed(connection: Connection): void;
}

class Connection {
  readonly socketPath: string;
  readonly #socket: Socket;
  readonly #listener: Listener;
  #bytes: Buffer = NOTHING;
  #error: Error | undefined;
  #settle: Settle | undefined;

  constructor(socketPath: string, listener: Listener) {
    this.socketPath = socketPath;
    this.#listener = listener;
    this.#socket = connect({ path: socketPath });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
      this.#read(false);
    });
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#socket.on('close', () => {
      this.#read(true);
      listener.closed(this);
      this.#finish(this.#error ?? new Error('socket hang up'));
    });
  }

  send({ head, body }: RequestBytes, settle: Settle): void {
    this.#settle = settle;
    this.#socket.ref();
    if (typeof body === 'string') {
      this.#socket.write(head + body);
    } else {
      this.#socket.cork();
      this.#socket.write(head);
      this.#socket.write(body);
      this.#socket.uncork();
    }
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }

  #read(isComplete: boolean): void {
    if (!this.#settle) return;
    const answer = readAnswer(this.#bytes, isComplete);
    if (!answer) return;
    this.#bytes = NOTHING;
    this.#socket.unref();
    if (answer.headers.get('connection') === 'close') this.#socket.destroy();
    else if (!this.#socket.destroyed) this.#listener.idle(this);
    this.#finish(undefined, answer);
  }

  #finish(error: Error | undefined, answer?: HttpAnswer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(error, answer);
  }
}
