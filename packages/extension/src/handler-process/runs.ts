import type { AttemptResult } from './contract.ts';
import type { ErrorFacts } from './frames.ts';

/** The end of a run in one child. `returned`: it is to run again, since it was not its fault, or may not have been. */
export type RunOutcome =
  | AttemptResult
  | { readonly status: 'returned'; readonly error: ErrorFacts; readonly isSuspect: boolean };

/** Why a child ends, where that is known better than by its exit status. */
export interface Cause {
  readonly error?: ErrorFacts;
  /** The run that is to blame; it may have settled before. */
  readonly run?: number | undefined;
}

interface Run {
  isStarted: boolean;
  readonly settle: (outcome: RunOutcome) => void;
}

/** The jobs that one child was given and has not finished. */
export class Runs {
  readonly #open = new Map<number, Run>();
  #last = 0;

  get size(): number {
    return this.#open.size;
  }

  has(run: number): boolean {
    return this.#open.has(run);
  }

  add(): { run: number; outcome: Promise<RunOutcome> } {
    const { promise: outcome, resolve: settle } = Promise.withResolvers<RunOutcome>();
    const run = ++this.#last;
    this.#open.set(run, { isStarted: false, settle });
    return { run, outcome };
  }

  markStarted(run: number): void {
    const known = this.#open.get(run);
    if (known) known.isStarted = true;
  }

  /** Takes a run out. Returns the way to settle it; undefined if it has ended already, or never was. */
  take(run: number): Run['settle'] | undefined {
    const settle = this.#open.get(run)?.settle;
    this.#open.delete(run);
    return settle;
  }

  /**
   * Settles all that is left. The job that is to blame fails; where none is known, the one that ran. Where
   * several ran, each of them is a suspect. `isForAll`: the child was killed, and not because of one job.
   */
  endAll(error: ErrorFacts, guilty: number | undefined, { isForAll }: { isForAll: boolean }) {
    const isUnknown = guilty === undefined && this.#running > 1;
    const counts = { failed: 0, returned: 0, suspects: 0 };
    for (const [number, run] of this.#open) {
      if (isForAll || number === guilty || (run.isStarted && guilty === undefined && !isUnknown)) {
        counts.failed += 1;
        run.settle({ status: 'failed', ...error, cause: 'process', retriable: true });
      } else {
        const isSuspect = run.isStarted && isUnknown;
        counts[isSuspect ? 'suspects' : 'returned'] += 1;
        run.settle({ status: 'returned', error, isSuspect });
      }
    }
    this.#open.clear();
    return counts;
  }

  get #running(): number {
    return [...this.#open.values()].filter(({ isStarted }) => isStarted).length;
  }
}
