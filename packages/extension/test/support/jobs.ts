import type { Destination } from '../../src/destinations/destination.ts';
import { DestinationError } from '../../src/destinations/destination-error.ts';
import type {
  Attempt,
  AttemptResult,
  HandlerProcess,
} from '../../src/handler-process/handler-process.ts';
import type { InvocationRecord } from '../../src/invocation-record.ts';
import type { Job } from '../../src/job.ts';
import type { LogFields } from '../../src/log.ts';

/** A log that remembers. */
export function memoryLog() {
  const lines: { level: string; message: string; fields: LogFields | undefined }[] = [];
  const at = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  return {
    lines,
    log: { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') },
  };
}

/** A job, and what is noted of it in its journal. */
export function jobWithNotes(facts: Partial<Job> = {}) {
  const notes: string[] = [];
  const job: Job = {
    jobId: 'r1.1',
    requestId: 'r1',
    deadlineMs: Date.now() + 30_000,
    idempotencyKey: 'k1',
    acceptedAt: Date.now(),
    body: Buffer.from('{"event":{"order":7},"context":{"awsRequestId":"r1"}}'),
    attempts: 0,
    entry: {
      beginAttempt: (attempt) => void notes.push(`attempt ${attempt}`),
      recordOutcome: (outcome) => void notes.push(`outcome ${JSON.parse(outcome).condition}`),
      remove: () => void notes.push('removed'),
    },
    ...facts,
  };
  return { job, notes };
}

/** A handler process that answers from a list, and waits for `abort` or `kill` when it is empty. */
export function scriptedHandler(results: AttemptResult[]) {
  const attempts: Attempt[] = [];
  let running: ((result: AttemptResult) => void) | undefined;
  const handlerProcess: HandlerProcess = {
    start() {},
    ready: async () => {},
    run(attempt) {
      attempts.push(attempt);
      const result = results.shift();
      return result
        ? Promise.resolve(result)
        : new Promise((resolve) => {
            running = resolve;
          });
    },
    abort() {},
    async kill() {
      running?.(failure({ errorType: 'Runtime.ExitError', cause: 'process' }));
    },
    close: async () => {},
  };
  return { handlerProcess, attempts };
}

export function failure(facts: object = {}): AttemptResult {
  return {
    status: 'failed',
    cause: 'handler',
    retriable: true,
    errorType: 'Error',
    errorMessage: 'no',
    stackTrace: [],
    ...facts,
  } as AttemptResult;
}

/** A destination that takes records, or fails with this code until its time is over. */
export function destination(code?: DestinationError['code']) {
  const arn = 'arn:aws:sqs:eu-west-1:123456789012:q';
  const records: InvocationRecord[] = [];
  const target = { service: 'sqs', arn } as Destination<InvocationRecord>['target'];
  const error = code && new DestinationError({ code, destination: arn, message: 'no', cause: '' });
  const opened: Destination<InvocationRecord> = {
    target,
    maxRecordBytes: 1024 * 1024,
    preload: async () => {},
    async send(record, { signal }) {
      if (!error) {
        records.push(record);
        return;
      }
      if (!error.isPermanent && !signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      throw error;
    },
    close() {},
  };
  return { destination: opened, records };
}

/** The times of an invocation, in ms from now. */
export function budgetOf({ abortMs = 10_000, killMs = 20_000, releaseMs = 30_000 } = {}) {
  const now = Date.now();
  return {
    functionDeadlineMs: now + releaseMs,
    abortAtMs: now + abortMs,
    killAtMs: now + killMs,
    sendUntilMs: now + releaseMs,
    releaseAtMs: now + releaseMs,
  };
}
