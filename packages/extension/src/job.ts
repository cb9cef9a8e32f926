import type { Outcome } from './invocation-record.ts';
import type { JobFacts, JournalEntry } from './journal.ts';

/** An accepted `{event, context}`, until it is settled. */
export interface Job extends JobFacts {
  readonly body: Buffer;
  /** How many attempts have been started. */
  attempts: number;
  /** Set when the job has ended in an earlier hold or process, and only its record is left to send. */
  readonly outcome?: Outcome;
  /** Its place in the journal. */
  readonly entry: JournalEntry;
}
