/** Hears what client processes ring, line by line and in order. */
export interface Bell {
  /** Delivers every line from the first one on. To be called once. */
  listen(onLine: (line: string) => void): void;
}

/** A line has at most 4,096 bytes; what is longer is not ours. */
const LONGEST_LINE = 8_192;

/** Cuts a stream of chunks into lines, in bounded memory. */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  #rest = '';
  #isSkipping = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (line !== '') this.#onLine(line);
    }
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = '';
      this.#isSkipping = true;
    }
  }
}
