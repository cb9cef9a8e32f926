import type { Invocation } from './invocation.ts';
import {
  type Deliver,
  deliverToOne,
  INVALID_REQUEST_ID,
  type Refusal,
  type RuntimeParty,
} from './runtime.ts';

/** Ids of timed-out invocations that are remembered, to tell a late answer from a wrong one. */
const MAX_TIMED_OUT = 1_000;

/** A runtime on Managed Instances: its workers ask for events side by side. */
export class ConcurrentRuntime implements RuntimeParty {
  initError: Buffer | undefined;
  readonly #parked: Deliver[] = [];
  /** Accepted while no worker was asking. */
  readonly #undelivered: Invocation[] = [];
  readonly #running = new Map<string, Invocation>();
  readonly #timedOut = new Set<string>();
  #hasAsked = false;

  /** At least one worker has asked for an event. */
  get isReady(): boolean {
    return this.#hasAsked;
  }

  next(deliver: Deliver): undefined {
    this.#hasAsked = true;
    const invocation = this.#undelivered.shift();
    if (invocation && deliver(invocation)) return;
    if (invocation) this.#undelivered.unshift(invocation);
    else this.#parked.push(deliver);
  }

  deliver(invocation: Invocation): void {
    this.#running.set(invocation.requestId, invocation);
    if (!deliverToOne(this.#parked, invocation)) this.#undelivered.push(invocation);
  }

  beginAnswer(requestId: string): Invocation | Refusal {
    const invocation = this.#running.get(requestId);
    if (invocation) {
      this.#running.delete(requestId);
      return invocation;
    }
    // The first late answer gets the reason; after it, the id is as unknown as any other.
    if (!this.#timedOut.delete(requestId)) return INVALID_REQUEST_ID;
    return { status: 410, errorType: 'InvokeTimeout', errorMessage: 'Invoke timeout' };
  }

  endAnswer(): void {}

  failInit(body: Buffer): undefined {
    this.initError ??= body;
  }

  /** The time of this one is up; the code runs on, nobody waits for its answer. */
  giveUp({ requestId }: Invocation): void {
    this.#running.delete(requestId);
    this.#timedOut.add(requestId);
    for (const oldest of this.#timedOut) {
      if (this.#timedOut.size <= MAX_TIMED_OUT) break;
      this.#timedOut.delete(oldest);
    }
  }
}
