import { closeSync, constants, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from './journal-error.ts';
import {
  ATTEMPTS_OFFSET,
  attemptDigits,
  type JobFacts,
  type JournaledJob,
  journalHead,
  outcomeLine,
} from './journal-file.ts';
import { recoverJobs } from './journal-recovery.ts';
import type { Log } from './log.ts';

export { JournalError } from './journal-error.ts';
export type { JobFacts, JournaledJob } from './journal-file.ts';

/** A job in the journal. Its methods never throw: a job that runs is not stopped by a full disk. */
export interface JournalEntry {
  /** Notes that this attempt (from 1) begins, before it does. */
  beginAttempt(attempt: number): void;
  /**
   * Notes how the job ended, before anything follows from it: after a crash it is not run again, only
   * what follows from `outcome` (JSON) is done again. Not needed when `remove()` follows at once.
   */
  recordOutcome(outcome: string): void;
  /** Forgets the job: it is settled. */
  remove(): void;
}

export interface RecoveredJob extends JournaledJob {
  readonly entry: JournalEntry;
}

export interface Recovery {
  /** In the order in which they were accepted. */
  readonly jobs: readonly RecoveredJob[];
  /** Files that are no job, a sentence each: where they are now, and what is wrong with them. */
  readonly problems: readonly string[];
}

/**
 * Accepted jobs, a file each (mode 0600), until they are settled.
 *
 * It survives the end of any process, which is all that a reset of the environment is. So nothing is
 * flushed to the disk: what a process has written, the kernel has. All calls are synchronous because
 * four short system calls cost a fifth of one round trip through the thread pool. A file is written in
 * place: before the answer to the hand-off nobody relies on it, and a half-written one is recognised.
 */
export class Journal {
  readonly #folder: string;
  readonly #log: Log;
  #written = 0;

  /** @param folder below /tmp, which Lambda keeps when it resets an environment */
  constructor({ folder, log }: { folder: string; log: Log }) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The unsettled jobs of earlier extension processes of this environment. To be called once, before the first `write()`. */
  recover(): Recovery {
    const { jobs, problems } = recoverJobs(this.#folder);
    return {
      jobs: jobs.map(({ path, ...job }) => ({ ...job, entry: this.#entry(path, job.jobId) })),
      problems,
    };
  }

  /** @throws {JournalError} the job must then be refused; nothing of it is left behind. */
  write(facts: JobFacts, body: Buffer): JournalEntry {
    this.#written += 1;
    // The name is the order: fixed width, and a later process goes on with a later time.
    const name = `${String(Date.now()).padStart(14, '0')}-${String(this.#written).padStart(8, '0')}.job`;
    const path = join(this.#folder, name);
    const file = this.#create(path);
    try {
      writeAll(file, journalHead(facts, body.length));
      writeAll(file, body);
    } catch (cause) {
      unlinkSync(path);
      throw new JournalError({ folder: this.#folder, cause });
    } finally {
      closeSync(file);
    }
    return this.#entry(path, facts.jobId);
  }

  #create(path: string): number {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    const open = () => openSync(path, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    try {
      return open();
    } catch (error) {
      // The first job, or the function has emptied /tmp, as many do.
      if (!isMissing(error)) throw new JournalError({ folder: this.#folder, cause: error });
    }
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      return open();
    } catch (cause) {
      throw new JournalError({ folder: this.#folder, cause });
    }
  }

  #entry(path: string, jobId: string): JournalEntry {
    const attempt = (what: string, effect: () => void) => {
      try {
        effect();
      } catch (error) {
        this.#log.warn(`${what}, so after a crash it may run again, or be lost`, {
          jobId,
          error: String(error),
        });
      }
    };
    return {
      beginAttempt: (number) =>
        attempt('an attempt of a job could not be counted in the journal', () =>
          writeTo(path, 'r+', attemptDigits(number), ATTEMPTS_OFFSET),
        ),
      recordOutcome: (outcome) =>
        attempt('the outcome of a job could not be noted in the journal', () =>
          writeTo(path, constants.O_WRONLY | constants.O_APPEND, outcomeLine(outcome), null),
        ),
      remove: () =>
        attempt('a settled job could not be removed from the journal', () => {
          try {
            unlinkSync(path);
          } catch (error) {
            if (!isMissing(error)) throw error;
          }
        }),
    };
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function writeTo(path: string, flags: string | number, text: string, position: number | null) {
  const file = openSync(path, flags);
  try {
    writeSync(file, text, position);
  } finally {
    closeSync(file);
  }
}

/** A disk that becomes full takes a part first, and says so only at the next write. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
