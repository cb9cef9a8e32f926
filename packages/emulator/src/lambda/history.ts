/** A list that forgets its oldest entries, so that a long run stays bounded in memory. */
export class History<T> {
  readonly #limit: number;
  readonly #entries: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: T): void {
    this.#entries.push(entry);
    // Not at every entry: taking from the front of an array moves all the others.
    if (this.#entries.length >= this.#limit * 1.25) {
      this.#entries.splice(0, this.#entries.length - this.#limit);
    }
  }

  get entries(): readonly T[] {
    return this.#entries;
  }
}
