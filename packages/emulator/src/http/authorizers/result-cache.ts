/** Keeps values for a while. */
export class ResultCache<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.until > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: T, ttlMs: number): void {
    if (ttlMs <= 0) return;
    const now = this.#now();
    for (const [other, { until }] of this.#entries) {
      if (until <= now) this.#entries.delete(other);
    }
    this.#entries.set(key, { value, until: now + ttlMs });
  }
}
