import type { InvocationRecord } from '../fauxqs.ts';

/** What became of the jobs, by name. */
export class Account {
  readonly #accepted = new Set<string>();
  readonly #done = new Map<string, number>();
  readonly #recorded = new Map<string, number>();

  accepted(name: string): void {
    this.#accepted.add(name);
  }

  /** The work of a job was done, once more. */
  done(name: string): void {
    this.#done.set(name, (this.#done.get(name) ?? 0) + 1);
  }

  /** Its record is at the failure destination. */
  recorded({ requestPayload }: InvocationRecord): void {
    const { name } = requestPayload;
    this.#recorded.set(name, (this.#recorded.get(name) ?? 0) + 1);
  }

  /** Accepted jobs of which there is no trace. */
  get lost(): string[] {
    return [...this.#accepted].filter((name) => !this.#done.has(name) && !this.#recorded.has(name));
  }

  get figures() {
    const more = (counts: Map<string, number>) => [...counts.values()].filter((n) => n > 1).length;
    return {
      accepted: this.#accepted.size,
      succeeded: [...this.#accepted].filter((name) => this.#done.has(name)).length,
      'at the failure destination': [...this.#accepted].filter((name) => this.#recorded.has(name))
        .length,
      lost: this.lost.length,
      'done more than once': more(this.#done),
      'recorded more than once': more(this.#recorded),
      'done and recorded as failed': [...this.#recorded.keys()].filter((n) => this.#done.has(n))
        .length,
    };
  }
}
