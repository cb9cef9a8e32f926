import type { Destination } from './destinations/destination.ts';
import type { InvocationRecord, Outcome } from './invocation-record.ts';
import type { Job } from './job.ts';
import type { Log } from './log.ts';
import { outcomeFields, reportOutcome, WORDS } from './report-outcome.ts';
import type { TimeLimits } from './time-limits.ts';

export interface Destinations {
  readonly onSuccess: Destination<InvocationRecord> | undefined;
  readonly onFailure: Destination<InvocationRecord> | undefined;
}

export type Settlement =
  | 'settled'
  /** Its record found no way out in time: it is to be sent with the next invocation. */
  | 'unsent'
  /** The environment is ending. The journal keeps the job for the next extension of this environment. */
  | 'left';

/** A hold is billed, so a destination that does not answer gets no more of it than this. */
const LONGEST_SEND_MS = 30_000;

/**
 * The end of a job: its record goes to the destination, one line to the log, and the journal forgets it.
 *
 * A record that finds no way out in this hold is tried once more, in the next one or when the
 * environment ends; after that, the line in the log has all of it.
 */
export async function settle(
  job: Job,
  outcome: Outcome,
  { onSuccess, onFailure }: Destinations,
  limits: TimeLimits,
  log: Log,
): Promise<Settlement> {
  const destination = outcome.condition === 'Success' ? onSuccess : onFailure;
  // Nowhere to record it: what a reset leaves of the environment may still finish it.
  if (!destination && outcome.condition === 'EnvironmentShutdown') {
    log.error(
      `${WORDS[outcome.condition]}. It goes on if the environment is initialised again; set ASYNC_HTTP_ON_FAILURE to be sure`,
      outcomeFields(job, outcome),
    );
    return 'left';
  }
  const isFirstTry = job.outcome === undefined;
  if (destination && isFirstTry) job.entry.recordOutcome(JSON.stringify(outcome));
  const error = await reportOutcome(job, outcome, destination, {
    sendUntil: AbortSignal.any([limits.send, AbortSignal.timeout(LONGEST_SEND_MS)]),
    isTriedAgain: () => isFirstTry && !limits.areOfShutdown,
    log,
  });
  // There may be another chance, unless waiting is of no use.
  if (error && !error.isPermanent) {
    if (limits.areOfShutdown) return 'left';
    if (isFirstTry) return 'unsent';
  }
  job.entry.remove();
  return 'settled';
}
