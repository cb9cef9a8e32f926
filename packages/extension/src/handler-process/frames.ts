/**
 * The protocol between the extension and its handler process, over one duplex pipe. A frame is
 * `[u32 length of the rest][u32 length of the header][header: JSON][body: raw bytes]`, big-endian.
 * Bodies are not parsed on the way, so their bytes arrive as they were sent.
 */

/** What is known about an error, in the words of Lambda's error records. */
export interface ErrorFacts {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
  /** Of a `RetryAfterError`. */
  readonly retryAfterMs?: number;
}

/** A job in a file: its event at `offset`, its context right behind it. */
export interface FileBytes {
  readonly file: string;
  readonly offset: number;
  readonly eventBytes: number;
  readonly contextBytes: number;
}

/** A module that `NODE_OPTIONS` names to be loaded first. */
export interface Preload {
  readonly kind: 'require' | 'import';
  readonly module: string;
}

/** From the extension to the handler process. `run` is a number that names one run in one process. */
export type HostCommand =
  | {
      readonly type: 'load';
      readonly handler: string;
      readonly preloads: readonly Preload[];
      /** The user's `NODE_OPTIONS`, which this process was started without. */
      readonly nodeOptions?: string;
    }
  | {
      readonly type: 'run';
      readonly run: number;
      readonly jobId: string;
      readonly attempt: number;
      readonly requestId: string;
      readonly traceId?: string;
      readonly deadlineMs: number;
      readonly killAtMs: number;
      readonly wantsResult: boolean;
      /** Without a file, the body is the event and then the context. */
      readonly bytes: FileBytes | { readonly eventBytes: number };
    }
  /** Without a `run`: every job. */
  | { readonly type: 'abort'; readonly run?: number; readonly reason: AbortReason }
  /** To be answered with `tail-exported`. */
  | ({ readonly type: 'tail' } & Tail);

/** How long the end of an attempt, or of a hold, waits for spans on their way, where there is time. It is billed. */
export const LONGEST_EXPORT_MS = 2_000;

/** Of a request whose jobs have ended: it was replied to at `repliedAtMs`, and the environment may freeze now. */
export interface Tail {
  readonly requestId: string;
  readonly repliedAtMs: number;
  /** How long its span may take to be exported. */
  readonly limitMs: number;
}

/** From the handler process to the extension. */
export type HostReport =
  /** Our program runs: what is printed from here on is the user's. */
  | { readonly type: 'loading' }
  /** With a tracer, the user's code exports a span of every attempt. */
  | { readonly type: 'loaded'; readonly hasTracer?: boolean }
  | { readonly type: 'load-failed'; readonly error: ErrorFacts }
  /** The job has been taken up: from here on, the end of the process may be its doing. */
  | { readonly type: 'started'; readonly run: number }
  /** The body is the handler's result as JSON, if it was wanted and could be written. */
  | { readonly type: 'succeeded'; readonly run: number; readonly omitted?: string }
  | {
      readonly type: 'failed';
      readonly run: number;
      readonly error: ErrorFacts;
      readonly retriable: boolean;
    }
  /** The span of a tail is exported, or cannot be. */
  | { readonly type: 'tail-exported'; readonly requestId: string }
  /** The process is about to end: because of this error, or else by `process.exit()`; `run` is the job whose code did it, if any. */
  | { readonly type: 'dying'; readonly error?: ErrorFacts; readonly run?: number };

export type AbortReason = 'deadline' | 'shutdown';

export interface Frame<Message> {
  readonly message: Message;
  readonly body: Buffer;
}

/** A frame with the largest body that is ever sent (16 MiB) is far below this; garbage is not. */
const LARGEST_FRAME = 64 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** What came over the pipe is not this protocol: user code wrote to the file descriptor, or the two ends differ. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code = 'ASYNC_HTTP_FRAME_INVALID';
}

/** The bytes of a frame up to its body; the body is written after it, uncopied. */
export function frameHead(message: HostCommand | HostReport, bodyBytes = 0): Buffer {
  const header = Buffer.from(JSON.stringify(message));
  const head = Buffer.allocUnsafe(2 * LENGTH_BYTES + header.length);
  head.writeUInt32BE(LENGTH_BYTES + header.length + bodyBytes, 0);
  head.writeUInt32BE(header.length, LENGTH_BYTES);
  header.copy(head, 2 * LENGTH_BYTES);
  return head;
}

interface FrameSink {
  cork(): void;
  write(bytes: Buffer): boolean;
  uncork(): void;
}

/** Writes one frame in one system call, if the pipe has room for it. */
export function writeFrame(
  pipe: FrameSink,
  message: HostCommand | HostReport,
  ...body: readonly Buffer[]
): void {
  pipe.cork();
  pipe.write(
    frameHead(
      message,
      body.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  for (const part of body) if (part.length > 0) pipe.write(part);
  pipe.uncork();
}

/** Cuts a stream of chunks into frames. Every byte is copied at most once, however the chunks fall. */
export class FrameReader<Message extends { type: string }> {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #frameLength: number | undefined;

  /** @throws {FrameError} code `ASYNC_HTTP_FRAME_INVALID`; the stream cannot be used after it. */
  *push(chunk: Buffer): Generator<Frame<Message>> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (true) {
      if (this.#frameLength === undefined) {
        if (this.#buffered < LENGTH_BYTES) return;
        this.#frameLength = this.#take(LENGTH_BYTES).readUInt32BE(0);
        if (this.#frameLength < LENGTH_BYTES || this.#frameLength > LARGEST_FRAME) {
          throw new FrameError(`A frame of ${this.#frameLength} bytes is announced.`);
        }
      }
      if (this.#buffered < this.#frameLength) return;
      const frame = this.#take(this.#frameLength);
      this.#frameLength = undefined;
      yield parseFrame<Message>(frame);
    }
  }

  #take(length: number): Buffer {
    const first = this.#chunks[0];
    this.#buffered -= length;
    if (first !== undefined && first.length >= length) {
      if (first.length === length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const taken = Buffer.allocUnsafe(length);
    let filled = 0;
    let used = 0;
    for (const chunk of this.#chunks) {
      const copied = chunk.copy(taken, filled, 0, length - filled);
      filled += copied;
      if (copied < chunk.length) {
        this.#chunks[used] = chunk.subarray(copied);
        break;
      }
      used += 1;
    }
    this.#chunks.splice(0, used);
    return taken;
  }
}

function parseFrame<Message extends { type: string }>(frame: Buffer): Frame<Message> {
  const headerEnd = LENGTH_BYTES + frame.readUInt32BE(0);
  if (headerEnd > frame.length) throw new FrameError('The header is longer than its frame.');
  try {
    const message: Message = JSON.parse(frame.toString('utf8', LENGTH_BYTES, headerEnd));
    return { message, body: frame.subarray(headerEnd) };
  } catch (cause) {
    throw new FrameError('The header of a frame is not JSON.', { cause });
  }
}
