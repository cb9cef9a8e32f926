import type { Destination } from '../destinations/destination.ts';
import type { Log } from '../output/log.ts';
import type { InvocationRecord } from '../records/invocation-record.ts';
import type { Outcome } from '../records/outcome.ts';
import type { Job } from './job.ts';
import { logOutcome, logUnsent, sendRecord } from './report-outcome.ts';
import type { TimeLimits } from './time-limits.ts';

export interface Destinations {
  readonly onSuccess: Destination<InvocationRecord> | undefined;
  readonly onFailure: Destination<InvocationRecord> | undefined;
}

export type Settlement =
  | 'settled'
  /** Its record could not be delivered in time: it is to be sent with the next invocation. */
  | 'unsent'
  /** The environment is ending. The log keeps the job for the next extension of this environment. */
  | 'left';

/** A hold is billed, so a destination that does not answer gets no more of it than this. */
const LONGEST_SEND_MS = 30_000;

/** What a destination that was down gets of the next request's hold. */
const LONGEST_SECOND_SEND_MS = 3_000;

/**
 * The end of a job: one line in the log, its record to the destination, and the log forgets it. The line comes
 * first, because it always gets through.
 *
 * A record that could not be delivered in this hold is tried once more, in the next one or when the environment ends;
 * after that, a line holds all of it.
 */
export async function settle(
  job: Job,
  outcome: Outcome,
  { onSuccess, onFailure }: Destinations,
  limits: TimeLimits,
  log: Log,
): Promise<Settlement> {
  const isFirstTry = job.outcome === undefined;
  const destination = outcome.condition === 'Success' ? onSuccess : onFailure;
  if (!destination) {
    // Nowhere to record it: what a reset leaves of the environment may still finish it.
    const mayResume = isLeft(outcome, { onFailure });
    const advice =
      '. It resumes if the environment is initialised again; set ASYNC_HTTP_ON_FAILURE to be sure';
    logOutcome(job, outcome, log, mayResume ? advice : '');
    if (mayResume) return 'left';
    if (outcome.condition !== 'Success') job.entry.fail();
    job.entry.settle();
    return 'settled';
  }
  if (outcome.condition !== 'Success') job.entry.fail();
  if (isFirstTry) {
    logOutcome(job, outcome, log);
    job.entry.recordOutcome(JSON.stringify(outcome));
  }
  // What cannot be there in time would only be sent twice.
  if (isFirstTry && !limits.leaveTimeToSend) {
    logUnsent(job, outcome, log);
    return 'unsent';
  }
  const longestMs = isFirstTry ? LONGEST_SEND_MS : LONGEST_SECOND_SEND_MS;
  const error = await sendRecord(job, outcome, destination, {
    signal: AbortSignal.any([limits.send, AbortSignal.timeout(longestMs)]),
    ...(!isFirstTry && { tries: 1 }),
    willRetry: () => isFirstTry && !limits.areOfShutdown,
    log,
  });
  // There may be another chance, unless waiting cannot help.
  if (error && !error.isPermanent) {
    if (limits.areOfShutdown) return 'left';
    if (isFirstTry) return 'unsent';
  }
  job.entry.settle();
  return 'settled';
}

/** Whether the job may run again, when Lambda initialises the environment once more. */
export function isLeft(outcome: Outcome, { onFailure }: Pick<Destinations, 'onFailure'>): boolean {
  return outcome.condition === 'EnvironmentShutdown' && !onFailure;
}
