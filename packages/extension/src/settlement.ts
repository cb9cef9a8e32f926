import type { Destination } from './destinations/destination.ts';
import type { InvocationRecord, Outcome } from './invocation-record.ts';
import type { Job } from './job.ts';
import type { Log } from './log.ts';
import { outcomeFields, reportOutcome, WORDS } from './report-outcome.ts';

export interface Destinations {
  readonly onSuccess: Destination<InvocationRecord> | undefined;
  readonly onFailure: Destination<InvocationRecord> | undefined;
}

/**
 * The end of a job: its record goes to the destination, one line to the log, and the journal forgets it.
 *
 * @param sendUntil fires when the record can no longer be sent
 * @returns whether the job is settled; false leaves it to the next extension of this environment
 */
export async function settle(
  job: Job,
  outcome: Outcome,
  { onSuccess, onFailure }: Destinations,
  sendUntil: AbortSignal,
  log: Log,
): Promise<boolean> {
  const destination = outcome.condition === 'Success' ? onSuccess : onFailure;
  // Nowhere to record it: what a reset leaves of the environment may still finish it.
  if (!destination && outcome.condition === 'EnvironmentShutdown') {
    log.error(
      `${WORDS[outcome.condition]}. It goes on if the environment is initialised again; set ASYNC_HTTP_ON_FAILURE to be sure`,
      outcomeFields(job, outcome),
    );
    return false;
  }
  if (destination) job.entry.recordOutcome(JSON.stringify(outcome));
  const error = await reportOutcome(job, outcome, destination, { sendUntil, log });
  // After a reset of the environment there may be another chance, unless waiting is of no use.
  if (error && !error.isPermanent && sendUntil.aborted) return false;
  job.entry.remove();
  return true;
}
