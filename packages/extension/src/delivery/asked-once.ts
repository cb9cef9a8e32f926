import type { LogEntry } from '../log/log-entry.ts';

/** A client asks again within milliseconds, and an answer can have megabytes. */
const REMEMBERED = 16;

/**
 * What clients wait for an answer to. One whose log is retired while it rings writes the same into another log; both
 * records are then one hand-off, with one answer.
 */
export class AskedOnce {
  readonly #asked = new Map<string, LogEntry>();

  /** @returns whether it is there already, and so has its answer or will get it */
  isRepeated(entry: LogEntry): boolean {
    const { kind, jobId, acceptedAt, requestId, attempt } = entry.head;
    const key = [kind, jobId, acceptedAt, requestId, attempt].join(' ');
    const earlier = this.#asked.get(key);
    if (earlier?.isSameRecord(entry)) entry.drop();
    else if (earlier) earlier.answerAlso(entry);
    else this.#asked.set(key, entry);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > REMEMBERED && oldest !== undefined) this.#asked.delete(oldest);
    return earlier !== undefined;
  }
}
