import type { Readable } from 'node:stream';

/** A line longer than this is passed on in pieces. */
const LONGEST_LINE = 256 * 1024;
/** Room for the native stack that V8 prints below its reason. */
const KEPT = 16_384;
const LINE_FEED = 0x0a;
const END_OF_LINE = Buffer.from('\n');

/**
 * Passes on what a child prints, in whole lines only: what it prints without a line feed must not run
 * into the lines of others. Remembers the last of it, since only there Node.js says why it crashed.
 */
export class Output {
  readonly #write: (lines: Buffer) => void;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #tail = Buffer.alloc(0);

  constructor(from: Readable, write: (lines: Buffer) => void) {
    this.#write = write;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('error', () => {});
  }

  /** The end of what was printed, as text. */
  get tail(): string {
    return this.#tail.toString();
  }

  /** Ends a line that has been begun. */
  flush(): void {
    if (this.#begunBytes > 0) this.#write(Buffer.concat([...this.#cut(), END_OF_LINE]));
  }

  #take(chunk: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-KEPT)]).subarray(-KEPT);
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) this.#write(Buffer.concat([...this.#cut(), chunk.subarray(0, end)]));
    if (end === chunk.length) return;
    this.#begun.push(chunk.subarray(end));
    this.#begunBytes += chunk.length - end;
    if (this.#begunBytes > LONGEST_LINE) this.#flushPiece();
  }

  /** Ends the line before its last character, which may have been read in part. */
  #flushPiece(): void {
    const piece = Buffer.concat(this.#cut());
    let end = piece.length - 1;
    while (end > piece.length - 4 && ((piece[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    this.#write(Buffer.concat([piece.subarray(0, end), END_OF_LINE]));
    this.#begun.push(piece.subarray(end));
    this.#begunBytes = piece.length - end;
  }

  #cut(): Buffer[] {
    const begun = this.#begun;
    this.#begun = [];
    this.#begunBytes = 0;
    return begun;
  }
}
