import type { Accepted } from '@async-http/client/protocol';

/** How much of the past is kept: more than an environment can have in flight. */
const KEPT = 1_000;

/** Which hand-offs were accepted under which id, so that a repeated one is answered and not run again. */
export class Ledger {
  readonly #accepted = new Map<string, Promise<Accepted>>();
  readonly #counts = new Map<string, number>();

  /** Admits a hand-off unless one with this key was admitted before; what was refused may come again. */
  once(idempotencyKey: string, admit: () => Promise<Accepted>): Promise<Accepted> {
    const known = this.#accepted.get(idempotencyKey);
    if (known) return known;
    const accepted = admit();
    keep(this.#accepted, idempotencyKey, accepted);
    accepted.catch(() => this.#accepted.delete(idempotencyKey));
    return accepted;
  }

  /** `<awsRequestId>.<n>`, n from 1. */
  nextId(requestId: string): string {
    const n = (this.#counts.get(requestId) ?? 0) + 1;
    keep(this.#counts, requestId, n);
    return `${requestId}.${n}`;
  }

  /** An earlier extension of this environment accepted this job. */
  takeOver({
    idempotencyKey,
    requestId,
    jobId,
  }: {
    idempotencyKey: string;
    requestId: string;
    jobId: string;
  }): void {
    keep(this.#accepted, idempotencyKey, Promise.resolve({ jobId }));
    const n = Number(jobId.slice(requestId.length + 1));
    keep(this.#counts, requestId, Math.max(n, this.#counts.get(requestId) ?? 0));
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= KEPT) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
