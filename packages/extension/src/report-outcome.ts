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
import type { Log, LogFields } from './log.ts';

/** What is told of a job that has ended. */
export type EndedJob = Pick<Job, 'requestId' | 'jobId' | 'attempts' | 'acceptedAt' | 'body'>;

/** How each outcome reads in the log. */
export const WORDS: Record<Outcome['condition'], string> = {
  Success: 'job succeeded',
  RetriesExhausted: 'job failed',
  EventAgeExceeded: 'job failed: it is too old for another attempt',
  DeadlineExceeded:
    'job aborted: it was still running at the deadline. Give the function a longer timeout',
  EnvironmentShutdown: 'job aborted: the environment is ending',
};

/**
 * Sends the record of a job that has ended to its destination, if there is one, and writes the job's line.
 *
 * @param sendUntil fires when the record can no longer be sent
 * @param isTriedAgain whether it is sent once more, later, when it could not be delivered by then
 * @returns why the destination did not get the record; unless it is tried again, the line then holds it
 */
export async function reportOutcome(
  job: EndedJob,
  outcome: Outcome,
  destination: Destination<InvocationRecord> | undefined,
  {
    sendUntil,
    isTriedAgain = () => false,
    log,
  }: { sendUntil: AbortSignal; isTriedAgain?: () => boolean; log: Log },
): Promise<DestinationError | undefined> {
  const tell = outcome.condition === 'Success' ? log.info : log.error;
  const facts = outcomeFields(job, outcome);
  if (!destination) {
    tell(WORDS[outcome.condition], facts);
    return undefined;
  }
  const record = recordOf(job, outcome, destination.maxRecordBytes);
  try {
    await destination.send(record, { signal: sendUntil });
    tell(WORDS[outcome.condition], { ...facts, destination: destination.target.arn });
    return undefined;
  } catch (error) {
    if (!(error instanceof DestinationError)) throw error;
    if (!error.isPermanent && isTriedAgain()) {
      log.warn(
        `${WORDS[outcome.condition]}, and its record could not be delivered in time. It is sent with the next invocation, or when the environment ends`,
        { ...facts, code: error.code, destination: error.destination, reason: error.message },
      );
      return error;
    }
    log.error(`${WORDS[outcome.condition]}, and its record could not be delivered`, {
      ...facts,
      ...undeliverableFields(record, error),
    });
    return error;
  }
}

/** The fields of a job's line. */
export function outcomeFields(job: EndedJob, outcome: Outcome): LogFields {
  const { requestId, jobId, attempts, acceptedAt } = job;
  return {
    requestId,
    jobId,
    outcome: outcome.condition,
    attempts,
    durationMs: Date.now() - acceptedAt,
    ...(outcome.condition !== 'Success' && {
      errorType: outcome.errorType,
      errorMessage: outcome.errorMessage,
    }),
  };
}

function recordOf(job: EndedJob, outcome: Outcome, maxBytes: number): InvocationRecord {
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
