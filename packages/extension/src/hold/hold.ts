import { type Budget, divideTime } from '@async-http/client/protocol';

/** Where a job that arrives now belongs. */
export type Placement =
  | { readonly start: 'now'; readonly budget: Budget }
  /** Its request is over and no other is running: the environment may freeze at any moment. */
  | { readonly start: 'with the next invocation' };

interface Invocation {
  readonly requestId: string;
  readonly budget: Budget;
  readonly release: () => void;
  hasEnded: boolean;
  /** Whether the function has rung its end. */
  isEndRung: boolean;
}

/** The function works its deadline out from the time that is left, and this takes it a moment. */
const CLOCKS_DIFFER_MS = 100;

/** More than a function can have in flight; a bound for what a broken client rings. */
const REMEMBERED = 64;

/**
 * Which invocation runs, what is open, and whether the hold may end. State only: no timers, no I/O.
 *
 * The hold of an invocation ends when its run has ended and no work (job or lease, of any request) is open. INVOKE
 * reaches us before, while or after the function hands off its first job, so "no work is open" alone says nothing,
 * and the end of a request that is heard before its INVOKE is kept. Lambda repeats asynchronous invocations with their
 * id, so what is kept of a run ends with it.
 */
export class Hold {
  readonly #maxMarginMs: number;
  #share = 1;
  #freezes = true;
  #current: Invocation | undefined;
  #last: { readonly requestId: string; readonly deadlineMs: number } | undefined;
  /** Runs whose end was heard before their INVOKE. */
  readonly #rung = new Set<string>();
  readonly #reported = new Set<string>();
  /** How often the end of a request is still to be rung, because the hold of its run has ended before. */
  readonly #owed = new Map<string, number>();
  readonly #leases = new Set<string>();
  #openWork = 0;
  #askedAt = 0;

  /** @param maxMarginMs how long before the function's deadline jobs are aborted, at the most */
  constructor({ maxMarginMs }: { maxMarginMs: number }) {
    this.#maxMarginMs = maxMarginMs;
  }

  /** The share of a core that this environment has. Without it, a whole one. */
  hasShare(share: number): void {
    this.#share = Math.min(1, share);
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

  /** What is running, if an invocation is held. */
  get current(): { readonly requestId: string; readonly budget: Budget } | undefined {
    return this.#current;
  }

  /** The instances of the client that have a lease. */
  get leases(): ReadonlySet<string> {
    return this.#leases;
  }

  /** The next event is asked for: what has ended by now is not of the run that it will bring. */
  asks(nowMs: number): void {
    this.#askedAt = nowMs;
  }

  /** An INVOKE event was delivered. `released` resolves when its hold may end. */
  begin({ requestId, deadlineMs }: { requestId: string; deadlineMs: number }): {
    budget: Budget;
    released: Promise<void>;
  } {
    const budget = this.budgetUntil(deadlineMs);
    const isEndRung = this.#rung.has(requestId);
    const hasEnded = isEndRung || this.#reported.has(requestId);
    this.#rung.clear();
    this.#reported.clear();
    const released = new Promise<void>((release) => {
      this.#current = { requestId, budget, release, hasEnded, isEndRung };
      this.#releaseIfDone();
    });
    if (!this.#freezes) this.release();
    return { budget, released };
  }

  /** The function has rung the end of its run of this request. */
  end(requestId: string): void {
    const owed = this.#owed.get(requestId) ?? 0;
    if (owed > 1) this.#owed.set(requestId, owed - 1);
    else if (owed === 1) this.#owed.delete(requestId);
    else if (this.#current?.requestId === requestId) {
      this.#current.isEndRung = true;
      this.#hasEnded();
    } else if (this.#rung.size < REMEMBERED) {
      this.#rung.add(requestId);
    }
  }

  /** Lambda has reported the end of a run, at `atMs` (wall clock): some time after it, also after the next INVOKE. */
  endReported(requestId: string, atMs: number): void {
    if (atMs < this.#askedAt) return;
    if (this.#current?.requestId === requestId) this.#hasEnded();
    // A report of the last run says nothing about its repetition.
    else if (this.#last?.requestId !== requestId && this.#reported.size < REMEMBERED) {
      this.#reported.add(requestId);
    }
  }

  /** Nothing that is handed off from here on could run, so only open work is waited for. */
  timeIsUp(): void {
    this.#hasEnded();
  }

  /** An instance of the client needs the environment for its promises, or no longer does. */
  lease(instance: string, isOpen: boolean): void {
    if (isOpen) this.#leases.add(instance);
    else this.#leases.delete(instance);
    this.#releaseIfDone();
  }

  /** A job is open until the returned function is called. */
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

  /** Ends the hold although work is open: its time is up. Leases have had the time of their request. */
  release(): void {
    if (!this.#current) return;
    const { requestId, budget, release, isEndRung } = this.#current;
    if (!isEndRung) this.owes(requestId);
    this.#leases.clear();
    this.#current = undefined;
    this.#last = { requestId, deadlineMs: budget.functionDeadlineMs };
    release();
  }

  /** The process that runs the function has died: nothing of it will be heard. */
  functionDied(): void {
    this.release();
    this.#owed.clear();
    this.#rung.clear();
    this.#reported.clear();
    this.#leases.clear();
  }

  /** @param deadlineMs the deadline of `requestId`, as the function sees it */
  place(requestId: string, deadlineMs: number): Placement {
    if (this.#current) return { start: 'now', budget: this.#current.budget };
    if (this.#freezes && this.#isOver(requestId, deadlineMs)) {
      return { start: 'with the next invocation' };
    }
    // Faster than our INVOKE event, whose hold will find the job open.
    return { start: 'now', budget: this.budgetUntil(deadlineMs) };
  }

  budgetUntil(functionDeadlineMs: number): Budget {
    return divideTime(functionDeadlineMs, this.#maxMarginMs, this.#share);
  }

  /** The hold of this run has ended before the function has rung its end. */
  owes(requestId: string): void {
    this.#owed.set(requestId, (this.#owed.get(requestId) ?? 0) + 1);
    const [oldest] = this.#owed.keys();
    if (this.#owed.size > REMEMBERED && oldest !== undefined) this.#owed.delete(oldest);
  }

  #hasEnded(): void {
    if (this.#current) this.#current.hasEnded = true;
    this.#releaseIfDone();
  }

  /** A run comes after the last one if its deadline does, also when Lambda repeats a request with its id. */
  #isOver(requestId: string, deadlineMs: number): boolean {
    if (!this.#last) return false;
    const isSameId = requestId === this.#last.requestId;
    return deadlineMs < this.#last.deadlineMs + (isSameId ? CLOCKS_DIFFER_MS : 0);
  }

  #releaseIfDone(): void {
    if (this.#current?.hasEnded && this.#openWork === 0 && this.#leases.size === 0) this.release();
  }
}
