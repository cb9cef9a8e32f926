import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResumedWork, UnfinishedWork } from '../lambda-types.ts';
import { LineReader } from '../sandbox/line-reader.ts';
import { withinMs } from '../within-ms.ts';

/** What the function's process answers; see `runtime/pending-work.cjs`. */
export interface Snapshot {
  readonly pending: UnfinishedWork[];
  /** How many more there are than are listed. */
  readonly more: number;
  readonly ended: Pick<ResumedWork, 'id' | 'outcome' | 'message'>[];
}

/** A function whose thread is busy does not answer. */
const LIMIT_MS = 500;

/** Asks the function's process what it has not finished. Not over TCP, where others count its connections. */
export class PendingWorkSocket {
  /** `@` stands for the NUL of an abstract socket, which a variable cannot hold. */
  readonly address: string;
  readonly #server: Server;
  #process: Socket | undefined;
  #last: Snapshot | undefined;
  readonly #asking: ((snapshot: Snapshot) => void)[] = [];

  private constructor(address: string) {
    this.address = address;
    this.#server = createServer((socket) => {
      // Of the latest generation: what was asked before is not answered any more.
      this.#process = socket;
      this.#last = undefined;
      this.#asking.length = 0;
      socket.on('error', () => {}); // It is followed by 'close'.
      const lines = new LineReader((line) => {
        const { isLast, ...snapshot } = JSON.parse(line) as Snapshot & { isLast?: boolean };
        if (isLast) this.#last = snapshot;
        else this.#asking.shift()?.(snapshot);
      });
      socket.on('data', (chunk) => lines.push(chunk));
    });
    this.#server.unref();
  }

  /** @param id of the environment */
  static async listen(id: string): Promise<PendingWorkSocket> {
    const name = `async-http-emulator-${id}`;
    const isLinux = process.platform === 'linux';
    const socket = new PendingWorkSocket(isLinux ? `@${name}` : join(tmpdir(), name));
    await new Promise<void>((resolve, reject) => {
      socket.#server.once('error', reject);
      socket.#server.listen(socket.address.replace(/^@/, '\0'), resolve);
    });
    return socket;
  }

  /**
   * @param why `freeze`: what has ended since the last freeze is reported once
   * @returns undefined when there is no answer in time
   */
  async ask(why: 'freeze' | 'look'): Promise<Snapshot | undefined> {
    const socket = this.#process;
    if (!socket?.writable) return undefined;
    let snapshot: Snapshot | undefined;
    const answered = new Promise<void>((resolve) => {
      this.#asking.push((answer) => {
        snapshot = answer;
        resolve();
      });
    });
    socket.write(why === 'freeze' ? 'f' : 'l');
    await withinMs(LIMIT_MS, answered);
    return snapshot;
  }

  /**
   * When the process has been ended.
   *
   * @returns its last report, if it exited by itself
   */
  async lastWords(): Promise<Snapshot | undefined> {
    const socket = this.#process;
    // What it wrote may still be on its way, which it is not when the connection has closed.
    if (socket && !socket.closed) await withinMs(LIMIT_MS, once(socket, 'close'));
    return this.#last;
  }

  close(): void {
    this.#process?.destroy();
    this.#server.close();
  }
}
