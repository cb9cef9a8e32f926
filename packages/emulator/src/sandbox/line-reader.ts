import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut into pieces, as Lambda cuts log lines at about 256 KiB. */
const MAX_LINE_LENGTH = 262_144;

/** Turns the chunks of an output stream into lines, without breaking characters at chunk borders. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#emit(line);
    while (this.#rest.length > MAX_LINE_LENGTH) {
      this.#onLine(this.#rest.slice(0, MAX_LINE_LENGTH));
      this.#rest = this.#rest.slice(MAX_LINE_LENGTH);
    }
  }

  /** Hands out a last line that has no newline. */
  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#emit(rest);
  }

  #emit(line: string): void {
    if (line.length <= MAX_LINE_LENGTH) {
      this.#onLine(line);
      return;
    }
    for (let at = 0; at < line.length; at += MAX_LINE_LENGTH) {
      this.#onLine(line.slice(at, at + MAX_LINE_LENGTH));
    }
  }
}
