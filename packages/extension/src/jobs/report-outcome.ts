import type { Destination } from '../destinations/destination.ts';
import { DestinationError } from '../destinations/destination-error.ts';
import type { Log, LogFields } from '../output/log.ts';
import { createInvocationRecord, type InvocationRecord } from '../records/invocation-record.ts';
import type { Outcome } from '../records/outcome.ts';
import { undeliverableFields } from '../records/undeliverable.ts';

/** What is reported about a job that has ended. Instants are wall-clock ms since the epoch. */
export interface EndedJob {
  readonly jobId: string;
  readonly requestId: string;
  readonly attempts: number;
  readonly acceptedAt: number;
  readonly entry: { readEvent(): Buffer; readContext(): Buffer };
}

/** How each outcome reads in the log. */
const WORDS: Record<Outcome['condition'], string> = {
  Success: 'job succeeded',
  RetriesExhausted: 'job failed',
  EventAgeExceeded: 'job failed: it is too old for another attempt',
  DeadlineExceeded:
    'job aborted: it was still running at the deadline. Give the function a longer timeout',
  EnvironmentShutdown: 'job aborted: the environment is ending',
};

const UNSENT =
  'the record of a job could not be delivered in time. It is sent with the next invocation, or when the environment ends';

/** Writes that the record of a job that has ended will be sent later. */
export function logUnsent(job: EndedJob, outcome: Outcome, log: Log): void {
  log.warn(UNSENT, outcomeFields(job, outcome));
}

/** Writes the line of a job that has ended; `advice` is added to its words. */
export function logOutcome(job: EndedJob, outcome: Outcome, log: Log, advice = ''): void {
  const fields = outcomeFields(job, outcome);
  if (outcome.condition === 'Success') log.info(WORDS.Success, fields);
  else log.lastResort(`${WORDS[outcome.condition]}${advice}`, fields);
}

/**
 * Sends the record of a job that has ended.
 *
 * @param willRetry whether it is sent once more, later, when it could not be delivered now
 * @returns why the destination did not get it; unless it is sent again, one line then holds the whole record
 */
export async function sendRecord(
  job: EndedJob,
  outcome: Outcome,
  destination: Destination<InvocationRecord>,
  {
    signal,
    tries,
    willRetry,
    log,
  }: { signal: AbortSignal; tries?: number; willRetry: () => boolean; log: Log },
): Promise<DestinationError | undefined> {
  const record = recordOf(job, outcome, destination.maxRecordBytes);
  try {
    await destination.send(record, { signal, ...(tries !== undefined && { tries }) });
    const { jobId, requestId } = job;
    log.debug('record delivered', { requestId, jobId, destination: destination.target.arn });
    return undefined;
  } catch (error) {
    if (!(error instanceof DestinationError)) throw error;
    const fields = outcomeFields(job, outcome);
    if (!error.isPermanent && willRetry()) {
      const { code, destination: arn, message: reason } = error;
      log.warn(UNSENT, { ...fields, code, destination: arn, reason });
    } else {
      log.lastResort('the record of a job could not be delivered', {
        ...fields,
        ...undeliverableFields(record, error),
      });
    }
    return error;
  }
}

function outcomeFields(job: EndedJob, outcome: Outcome): LogFields {
  const { requestId, jobId, attempts, acceptedAt } = job;
  const fields = {
    requestId,
    jobId,
    outcome: outcome.condition,
    attempts,
    durationMs: Date.now() - acceptedAt,
  };
  if (outcome.condition === 'Success') return fields;
  const { errorType, errorMessage, stackTrace } = outcome;
  return { ...fields, errorType, errorMessage, stackTrace };
}

function recordOf(job: EndedJob, outcome: Outcome, maxBytes: number): InvocationRecord {
  const { invokedFunctionArn = '', functionVersion = '$LATEST' } = contextOf(job);
  return createInvocationRecord(
    {
      requestId: job.requestId,
      functionArn: invokedFunctionArn,
      functionVersion,
      attempts: job.attempts,
      event: job.entry.readEvent(),
      outcome,
      settledAt: Date.now(),
    },
    { maxBytes },
  );
}

function contextOf({ entry }: EndedJob): {
  invokedFunctionArn?: string;
  functionVersion?: string;
} {
  try {
    return JSON.parse(entry.readContext().toString());
  } catch {
    return {}; // Something else has written there.
  }
}
