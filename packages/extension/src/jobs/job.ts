import type { LogEntry } from '../log/log-entry.ts';
import type { Outcome } from '../records/outcome.ts';

/** An accepted `{event, context}`, until it is settled. Instants are wall-clock ms since the epoch. */
export interface Job {
  readonly jobId: string;
  /** `awsRequestId` of the request that handed it off. */
  readonly requestId: string;
  /** Deadline of that request. */
  readonly deadlineMs: number;
  readonly acceptedAt: number;
  readonly traceId?: string | undefined;
  readonly xRayDaemon?: string | undefined;
  /** SHA-256 of the key that it was handed off with. */
  readonly keyHash?: string | undefined;
  /** How many attempts have been started. */
  attempts: number;
  /** How long it has waited for the handler to load. */
  waitedMs: number;
  /** Set when the job has ended in an earlier hold or process, and only its record is left to send. */
  outcome?: Outcome | undefined;
  /** Its place in a log. */
  entry: LogEntry;
}
