import type { Destination } from './destinations/destination.ts';
import { DestinationError } from './destinations/destination-error.ts';
import { undeliverableFields } from './destinations/undeliverable.ts';
import {
  createInvocationRecord,
  type InvocationRecord,
  type Outcome,
} from './invocation-record.ts';
import type { Job } from './job.ts';
import { splitJobBody } from './job-body.ts';
import type { Log } from './log.ts';

/** How each outcome reads in the log. */
const WORDS: Record<Outcome['condition'], string> = {
  Success: 'job succeeded',
  RetriesExhausted: 'job failed',
  EventAgeExceeded: 'job failed: it is too old for another attempt',
  DeadlineExceeded:
    'job aborted: it was still running at the deadline. Give the function a longer timeout',
  EnvironmentShutdown: 'job aborted: the environment is ending',
};

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
  const { requestId, jobId, attempts } = job;
  const isSuccess = outcome.condition === 'Success';
  const destination = isSuccess ? onSuccess : onFailure;
  const facts = {
    requestId,
    jobId,
    outcome: outcome.condition,
    attempts,
    durationMs: Date.now() - job.acceptedAt,
    ...(!isSuccess && { errorType: outcome.errorType, errorMessage: outcome.errorMessage }),
    ...(destination && { destination: destination.target.arn }),
  };
  const tell = isSuccess ? log.info : log.error;
  if (!destination) {
    // Nowhere to record it: what a reset leaves of the environment may still finish it.
    if (outcome.condition === 'EnvironmentShutdown') {
      log.error(
        `${WORDS[outcome.condition]}. It goes on if the environment is initialised again; set ASYNC_HTTP_ON_FAILURE to be sure`,
        facts,
      );
      return false;
    }
    tell(WORDS[outcome.condition], facts);
    job.entry.remove();
    return true;
  }
  job.entry.recordOutcome(JSON.stringify(outcome));
  const record = recordOf(job, outcome, destination.maxRecordBytes);
  try {
    await destination.send(record, { signal: sendUntil });
    tell(WORDS[outcome.condition], facts);
  } catch (error) {
    if (!(error instanceof DestinationError)) throw error;
    log.error(`${WORDS[outcome.condition]}, and its record could not be delivered`, {
      ...facts,
      ...undeliverableFields(record, error),
    });
    // After a reset of the environment there may be another chance, unless waiting is of no use.
    if (!error.isPermanent && sendUntil.aborted) return false;
  }
  job.entry.remove();
  return true;
}

function recordOf(job: Job, outcome: Outcome, maxBytes: number): InvocationRecord {
  const context = contextOf(job.body);
  return createInvocationRecord(
    {
      requestId: job.requestId,
      functionArn: context.invokedFunctionArn ?? '',
      functionVersion: context.functionVersion ?? '$LATEST',
      attempts: job.attempts,
      body: job.body,
      outcome,
      settledAt: Date.now(),
    },
    { maxBytes },
  );
}

function contextOf(body: Buffer): { invokedFunctionArn?: string; functionVersion?: string } {
  try {
    return JSON.parse(splitJobBody(body)?.context.toString() ?? '{}');
  } catch {
    return {}; // A body that is no JSON has failed for that reason, and is recorded as it is.
  }
}
