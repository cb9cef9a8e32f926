/** Late by more than this, the timer says something about the process, not about the other side. */
const LATE_MS = 250;

/** What the other side gets after that: time to be scheduled, and for its answer to be read. */
const GRACE_MS = 1_000;

/**
 * A limit on a wait, from now on. (Not an `AbortSignal`: `node:http` takes 7 µs per request for one,
 * a tenth of a hand-off.)
 */
export class TimeLimit {
  hasPassed = false;
  /** Called when it passes; whoever waits sets it. */
  onPass: () => void = () => {};
  #timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    const dueAt = Date.now() + limitMs;
    this.#timer = setTimeout(() => {
      // A process that was frozen meanwhile (Lambda stops the environment between requests) finds its timer
      // expired before it can read an answer that has long been in its socket. The wall clock shows that.
      if (Date.now() - dueAt > LATE_MS) this.#timer = setTimeout(() => this.#pass(), GRACE_MS);
      else this.#pass();
    }, limitMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #pass(): void {
    this.hasPassed = true;
    this.onPass();
  }
}
