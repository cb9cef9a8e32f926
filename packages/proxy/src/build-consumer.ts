import type { Client, LambdaContext } from '@async-http/client';
import { type Envelope, type RunJob, readEnvelope } from '@async-http/client/delivery';
import { JobFailedError } from './job-failed-error.ts';
import { isSqsEvent, receiveCount, type SqsRecord } from './sqs-event.ts';

/** Two parameters: the runtime client of Node.js 24 refuses a handler that declares a third. */
export type ConsumerHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** The answer to a queue: it keeps these messages, and may delete all others. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

interface Dependencies {
  readonly runJob: RunJob;
  readonly beginInvocation: Client['beginInvocation'];
  readonly logError: (message: string) => void;
}

export function buildConsumer({
  runJob,
  beginInvocation,
  logError,
}: Dependencies): ConsumerHandler {
  return async (event, context) => {
    const end = beginInvocation(context);
    try {
      return isSqsEvent(event) ? await runBatch(event.Records) : await runOne(event);
    } finally {
      end();
    }

    async function runBatch(records: readonly SqsRecord[]): Promise<BatchResponse> {
      const areDone = await Promise.all(records.map(isDone));
      const kept = records.filter((_, index) => !areDone[index]);
      return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    }

    /** Whether the queue may delete the message. How an attempt ended is in the extension's log. */
    async function isDone(record: SqsRecord): Promise<boolean> {
      let job: Envelope | undefined;
      try {
        job = readEnvelope(record.body);
        const result = await runJob(job, context, { attempt: receiveCount(record) });
        return result.status === 'succeeded' || result.isRecorded;
      } catch (error) {
        logError(describeKept(record, job, error));
        return false;
      }
    }

    /** Lambda does not say which attempt of an asynchronous invocation this is. */
    async function runOne(envelope: unknown): Promise<unknown> {
      const result = await runJob(readEnvelope(envelope), context, { attempt: 1 });
      if (result.status === 'succeeded') return result.result;
      if (result.isRecorded) return null;
      throw new JobFailedError(result);
    }
  };
}

function describeKept({ messageId }: SqsRecord, job: Envelope | undefined, error: unknown) {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  const what =
    job === undefined ? `message ${messageId}` : `job ${job.jobId}, message ${messageId},`;
  return `[async-http] ${what} stays in the queue: ${code ?? 'error'}: ${message ?? error}`;
}
