import { type Budget, divideTime } from './budget.ts';

/** Where a job that arrives now belongs. */
export type Placement =
  | { readonly start: 'now'; readonly budget: Budget }
  /** Its request is over and no other is running: the environment may freeze at any moment. */
  | { readonly start: 'with the next invocation' };

interface Invocation {
  readonly requestId: string;
  readonly budget: Budget;
  readonly release: () => void;
}

/** More than a function can have in flight; a bound for what a broken client sends. */
const REMEMBERED_ENDS = 64;

/**
 * Which invocation is running, and whether its hold may end. State only: no timers, no I/O.
 *
 * The hold of an invocation ends when its function run has ended and no work (job or lease, of any
 * request) is open. INVOKE reaches us before, while or after the function hands off its first job,
 * so "no work is open" alone says nothing, and what is heard of a request is kept until its INVOKE.
 */
export class Invocations {
  #maxMarginMs = 1_000;
  #freezes = true;
  #current: Invocation | undefined;
  #last: { readonly requestId: string; readonly deadlineMs: number } | undefined;
  readonly #ended = new Set<string>();
  #openWork = 0;

  /** How long before the function's deadline jobs are aborted, at the most. */
  setMaxMargin(ms: number): void {
    this.#maxMarginMs = ms;
  }

  /** This environment is never frozen between requests, so nothing has to be held. */
  neverFreezes(): void {
    this.#freezes = false;
    this.release();
  }

  /** Whether the environment stands still between two invocations. */
  get freezes(): boolean {
    return this.#freezes;
  }

  /** An INVOKE event was delivered. `released` resolves when its hold may end. */
  begin(event: { requestId: string; deadlineMs: number }): {
    budget: Budget;
    released: Promise<void>;
  } {
    const { requestId, deadlineMs } = event;
    const budget = this.budgetUntil(deadlineMs);
    for (const id of this.#ended) if (id !== requestId) this.#ended.delete(id);
    const released = new Promise<void>((release) => {
      this.#current = { requestId, budget, release };
      this.#releaseIfDone();
    });
    if (!this.#freezes) this.release();
    return { budget, released };
  }

  /** The function's run of this request is over: by its own word, by telemetry or by the clock. */
  end(requestId: string): void {
    if (requestId === this.#last?.requestId) return;
    this.#ended.add(requestId);
    const [oldest] = this.#ended;
    if (this.#ended.size > REMEMBERED_ENDS && oldest !== undefined) this.#ended.delete(oldest);
    this.#releaseIfDone();
  }

  /** When the current invocation times out. */
  get deadlineMs(): number | undefined {
    return this.#current?.budget.functionDeadlineMs;
  }

  /** A job or lease is open until the returned function is called. */
  open(): () => void {
    this.#openWork += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#openWork -= 1;
      this.#releaseIfDone();
    };
  }

  /** Ends the hold although work is open: time is up, or the function's process has died. */
  release(): void {
    if (!this.#current) return;
    const { requestId, budget, release } = this.#current;
    this.#current = undefined;
    this.#last = { requestId, deadlineMs: budget.functionDeadlineMs };
    this.#ended.delete(requestId);
    release();
  }

  /** @param deadlineMs the deadline of `requestId`, as the function sees it */
  place(requestId: string, deadlineMs: number): Placement {
    if (this.#current) return { start: 'now', budget: this.#current.budget };
    const isOver =
      requestId === this.#last?.requestId || deadlineMs < (this.#last?.deadlineMs ?? 0);
    if (this.#freezes && isOver) return { start: 'with the next invocation' };
    // Faster than our INVOKE event, whose hold will find the job open.
    return { start: 'now', budget: this.budgetUntil(deadlineMs) };
  }

  budgetUntil(functionDeadlineMs: number): Budget {
    return divideTime(functionDeadlineMs, this.#maxMarginMs);
  }

  #releaseIfDone(): void {
    if (this.#current && this.#openWork === 0 && this.#ended.has(this.#current.requestId)) {
      this.release();
    }
  }
}
