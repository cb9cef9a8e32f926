import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Room for the native stack that V8 prints below its reason. */
const KEPT = 16_384;

/** Passes the child's stderr on, and remembers its end: there, and only there, Node.js says why it crashed. */
export class StderrTail {
  #text = '';

  constructor(from: Readable, to: NodeJS.WritableStream) {
    const decoder = new StringDecoder('utf8');
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      this.#text = (this.#text + decoder.write(chunk.subarray(-KEPT))).slice(-KEPT);
    });
    from.on('error', () => {});
  }

  get lines(): string[] {
    return this.#text.split('\n').filter((line) => line.trim() !== '');
  }

  get text(): string {
    return this.#text;
  }
}
