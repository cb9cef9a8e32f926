import type { ReportEvent } from '../report/report-event.ts';

/** The version of the recording's format and of the events that `--json` prints. */
export const RECORDING_VERSION = 1;

/** Everything of a run, as the page shows it: plain JSON. */
export interface Recording {
  readonly version: typeof RECORDING_VERSION;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Of the project's HTTP server, if there is one. */
  readonly url?: string;
  readonly functions: readonly RecordedFunction[];
  /** Older entries that are no longer kept. */
  readonly forgotten: number;
  readonly entries: readonly RecordedEntry[];
  /** By request id of Lambda; only what is still kept. In a live page asked for one at a time. */
  readonly payloads?: Readonly<Record<string, Payloads>>;
}

/** A function of the run, as its configuration in Lambda would say it. */
export interface RecordedFunction {
  readonly name: string;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly runtime: string;
  /** Several requests at once in an environment, which is never frozen. */
  readonly isManagedInstances?: boolean;
}

/** An event and its place in the run. */
export interface RecordedEntry {
  /** Counts up by one, without gaps. */
  readonly seq: number;
  readonly event: RecordedEvent;
}

/** Everything that a recording and `--json` can hold. */
export type RecordedEvent = ReportEvent | JobEvent;

/** What became of background work, read from an extension's log lines. */
export type JobEvent = {
  readonly at: number;
  readonly functionName: string;
  readonly environmentId: string;
  /** Of the request that handed the job off. */
  readonly requestId?: string;
  /** The request that the environment was running, if it is another one, such as the delivery of a queue. */
  readonly during?: string;
  readonly jobId: string;
} & (
  | { readonly type: 'job.accepted' }
  | { readonly type: 'job.attempt'; readonly attempt: number }
  /** An attempt that failed and is repeated. */
  | {
      readonly type: 'job.retry';
      readonly attempt: number;
      readonly error: JobError;
      readonly nextAttemptInMs?: number;
    }
  | {
      readonly type: 'job.ended';
      readonly status: 'succeeded' | 'failed';
      readonly attempts?: number;
      readonly durationMs?: number;
      readonly error?: JobError;
      /** Where its record went, if it went anywhere. */
      readonly destination?: string;
    }
);

/** Why an attempt or a job failed, as its extension has logged it. */
export interface JobError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
}

/** `event` is what the function received, `response` what it answered. */
export interface Payloads {
  readonly event?: Payload;
  readonly response?: Payload;
}

/** The bytes of an event or a response, as text. */
export interface Payload {
  /** Cut off after the first 256 kB. */
  readonly text: string;
  readonly bytes: number;
  readonly isCut: boolean;
}
