import type { Destination } from '../../src/destinations/destination.ts';
import { DestinationError } from '../../src/destinations/destination-error.ts';
import type {
  Attempt,
  AttemptResult,
  HandlerProcess,
} from '../../src/handler-process/handler-process.ts';
import type { InvocationRecord } from '../../src/records/invocation-record.ts';

/** A handler process that answers from a list, and waits for `kill` when it is empty. */
export function scriptedHandler(results: AttemptResult[] = [], load?: () => Promise<void>) {
  const calls: string[] = [];
  let isLoaded = load === undefined;
  const attempts: Attempt[] = [];
  const aborted: string[] = [];
  const running = new Map<string, (result: AttemptResult) => void>();
  const end = (jobId: string, result: AttemptResult) => {
    running.get(jobId)?.(result);
    running.delete(jobId);
  };
  const handlerProcess: HandlerProcess = {
    hasTracer: false,
    get isLoaded() {
      return isLoaded;
    },
    async ready() {
      calls.push('ready');
      await load?.();
      isLoaded = true;
    },
    pause: () => void calls.push('pause'),
    run(attempt) {
      attempts.push(attempt);
      const result = results.shift();
      return result
        ? Promise.resolve(result)
        : new Promise((resolve) => running.set(attempt.jobId, resolve));
    },
    exportTail: async () => {},
    abort: (_jobId, reason) => void aborted.push(reason),
    async kill(jobId) {
      for (const id of jobId === undefined ? [...running.keys()] : [jobId]) {
        end(id, failure({ errorType: 'Runtime.ExitError', cause: 'process' }));
      }
    },
    close: async () => {},
  };
  return { handlerProcess, attempts, aborted, calls, end };
}

export const SUCCESS: AttemptResult = { status: 'succeeded', result: '"done"' };

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
  const tries: (number | undefined)[] = [];
  const target = { service: 'sqs', arn } as Destination<InvocationRecord>['target'];
  const opened: Destination<InvocationRecord> = {
    target,
    maxRecordBytes: 1024 * 1024,
    preload: async () => {},
    async send(record, { signal, tries: most }) {
      tries.push(most);
      if (code === undefined) {
        records.push(record);
        return;
      }
      const error = new DestinationError({ code, destination: arn, message: 'no', cause: '' });
      if (!error.isPermanent && !signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      throw error;
    },
    close() {},
  };
  return { destination: opened, records, tries };
}

/** The times of an invocation, in ms from now. */
export function budgetOf({
  loadMs = 10_000,
  fairLoadMs = 10_000,
  abortMs = 10_000,
  killMs = 20_000,
  beginSendMs = 30_000,
  releaseMs = 30_000,
} = {}) {
  const now = Date.now();
  return {
    functionDeadlineMs: now + releaseMs,
    loadUntilMs: now + loadMs,
    fairLoadMs,
    abortAtMs: now + abortMs,
    killAtMs: now + killMs,
    beginSendUntilMs: now + beginSendMs,
    sendUntilMs: now + releaseMs,
    releaseAtMs: now + releaseMs,
  };
}
