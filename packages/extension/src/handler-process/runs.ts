import type { ErrorFacts } from '../frames.ts';
import type { AttemptResult } from '../handler-process.ts';

/** The end of a run in one child. `unstarted`: the child ended before it took the job up. */
export type RunOutcome =
  | AttemptResult
  | { readonly status: 'unstarted'; readonly error: ErrorFacts };

/** Why a child ends, where that is known better than by its exit status. */
export interface Cause {
  readonly error: ErrorFacts;
  /** The run that is to blame; the others are told that it was not them. */
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

  /** Does nothing for a run that has been settled, or never was. */
  settle(run: number, outcome: RunOutcome): void {
    this.#open.get(run)?.settle(outcome);
    this.#open.delete(run);
  }

  /**
   * Settles all that is left. Jobs that the child had not taken up have not used an attempt, unless
   * it was killed on purpose: then their time is over too.
   *
   * @returns how many jobs lost an attempt.
   */
  endAll({ error, run: guilty }: Cause, { isKilled }: { isKilled: boolean }): number {
    let attempts = 0;
    for (const [number, run] of this.#open) {
      const itsError = guilty === undefined || guilty === number ? error : byAnotherJob(error);
      if (run.isStarted) attempts += 1;
      run.settle(
        run.isStarted || isKilled
          ? { status: 'failed', ...itsError, cause: 'process', retriable: true }
          : { status: 'unstarted', error: itsError },
      );
    }
    this.#open.clear();
    return attempts;
  }
}

function byAnotherJob({ errorType, errorMessage }: ErrorFacts): ErrorFacts {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `The handler process ended because of another job: ${errorType}: ${errorMessage}`,
    stackTrace: [],
  };
}
