import { writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type HttpAnswer, readAnswer } from '../http-answer.ts';
import { HEADERS, LEASES_PATH, PROTOCOL_VERSION } from '../protocol.ts';
import type { CurrentRequest } from './current-request.ts';
import { descriptorOf } from './socket-descriptor.ts';

/** What becomes of a lease. After `lost`, and after its owner has ended it, nothing more is told. */
export interface LeaseEvents {
  /** The environment is held. `deadlineMs` is the invocation's, if the extension names it. */
  held(deadlineMs: number | undefined): void;
  lost(loss: Loss): void;
}

export type Loss =
  /** Nothing listens on the socket. */
  | { readonly why: 'not-listening' }
  /** The extension ended it: its time is up, or the environment is ending. */
  | { readonly why: 'ended' }
  | { readonly why: 'refused' | 'broken'; readonly detail: string };

interface Lease {
  readonly events: LeaseEvents;
  isOver: boolean;
}

/** End of a chunked body. */
const LAST_CHUNK = '0\r\n\r\n';

/**
 * A connection to the extension that carries leases, one after the other, and keeps no process alive.
 *
 * Not `node:http`, which sends in a later tick: an older runtime client may post the reply and ask for its next
 * invocation before that. Here the request is in the extension's hands when {@link open} returns.
 */
export class LeaseConnection {
  readonly #socket: Socket;
  /** Those whose answers have not ended, in the order in which they were asked for. */
  readonly #unanswered: Lease[] = [];
  #text = '';
  #isInBody = false;
  #error: NodeJS.ErrnoException | undefined;

  constructor(socketPath: string) {
    this.#socket = connect({ path: socketPath }).setEncoding('latin1').unref();
    this.#socket.on('data', (chunk: Buffer | string) => {
      this.#text += chunk;
      while (this.#readOn());
    });
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#socket.on('close', () => {
      const loss: Loss =
        this.#error?.syscall === 'connect'
          ? { why: 'not-listening' }
          : {
              why: 'broken',
              detail: this.#error?.message ?? 'the extension closed the connection',
            };
      for (const lease of this.#unanswered.splice(0)) lose(lease, loss);
    });
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed;
  }

  /**
   * Asks the extension to hold the environment: a request whose body stays open for as long as the lease.
   *
   * @returns ends the lease
   */
  open({ requestId, deadlineMs }: CurrentRequest, events: LeaseEvents): () => void {
    const lease: Lease = { events, isOver: false };
    this.#unanswered.push(lease);
    this.#write(
      `POST ${LEASES_PATH} HTTP/1.1\r\nhost: extension\r\ntransfer-encoding: chunked\r\n` +
        `${HEADERS.version}: ${PROTOCOL_VERSION}\r\n` +
        (requestId === undefined ? '' : `${HEADERS.requestId}: ${requestId}\r\n`) +
        (deadlineMs === undefined ? '' : `${HEADERS.deadlineMs}: ${deadlineMs}\r\n`) +
        '\r\n',
    );
    return () => {
      if (lease.isOver) return;
      lease.isOver = true;
      this.#write(LAST_CHUNK);
    };
  }

  #write(text: string): void {
    const descriptor = this.#socket.connecting ? descriptorOf(this.#socket) : undefined;
    if (descriptor !== undefined) {
      try {
        writeSync(descriptor, text); // A Unix socket is connected at once, only its event comes later.
        return;
      } catch {
        // Then it is not, and that event will say so.
      }
    }
    this.#socket.write(text);
  }

  /** @returns whether there may be more to read */
  #readOn(): boolean {
    const [lease] = this.#unanswered;
    if (!lease) return false;
    if (this.#isInBody) {
      if (!this.#take(LAST_CHUNK)) return false;
      this.#isInBody = false;
      this.#finish(lease, { why: 'ended' });
      return true;
    }
    if (!this.#text.includes('\r\n\r\n')) return false;
    if (this.#text.startsWith('HTTP/1.1 200 ')) {
      const [head = ''] = this.#text.split('\r\n\r\n', 1);
      this.#text = this.#text.slice(head.length + 4);
      this.#isInBody = true;
      if (!lease.isOver) lease.events.held(deadlineIn(head));
      return true;
    }
    const refusal = readAnswer(Buffer.from(this.#text, 'latin1'), false);
    if (!refusal) return false;
    this.#finish(lease, { why: 'refused', detail: describeRefusal(refusal) });
    this.#socket.destroy();
    return false;
  }

  #take(expected: string): boolean {
    if (!this.#text.startsWith(expected)) return false;
    this.#text = this.#text.slice(expected.length);
    return true;
  }

  #finish(lease: Lease, loss: Loss): void {
    this.#unanswered.shift();
    if (!lease.isOver) this.#write(LAST_CHUNK); // So that the connection can carry the next one.
    lose(lease, loss);
  }
}

function lose(lease: Lease, loss: Loss): void {
  if (lease.isOver) return;
  lease.isOver = true;
  lease.events.lost(loss);
}

function deadlineIn(head: string): number | undefined {
  const digits = new RegExp(`\\r\\n${HEADERS.deadlineMs}: *(\\d+)`, 'i').exec(head)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function describeRefusal({ status, body }: HttpAnswer): string {
  try {
    const { code, message } = JSON.parse(body);
    return `${code}: ${message}`;
  } catch {
    return `it answered ${status}`;
  }
}
