import { setTimeout as sleep } from 'node:timers/promises';
import type { JobStatus, Store, StoredJob, StoreFailure } from '@async-http/client/store';
import type { Hold } from '../hold/hold.ts';
import type { Log } from '../output/log.ts';
import type { Outcome } from '../records/outcome.ts';

/** A job, as far as its state is written. Instants are wall-clock ms since the epoch. */
export interface KnownJob {
  readonly jobId: string;
  readonly acceptedAt: number;
  readonly attempts: number;
  readonly keyHash?: string | undefined;
  /** Deadline of the request that handed it off. */
  readonly deadlineMs: number;
}

/** How far a job has come. */
export type Progress =
  | { readonly status: 'accepted' }
  | { readonly status: 'running'; readonly untilMs: number }
  | {
      readonly status: 'retrying';
      readonly error: JobError;
      readonly nextAttemptAt?: number | undefined;
    }
  | { readonly status: 'ended'; readonly outcome: Outcome };

interface JobError {
  readonly errorType: string;
  readonly errorMessage: string;
}

interface Dependencies {
  readonly env: NodeJS.ProcessEnv;
  readonly keepsResults: boolean;
  readonly hold: Hold;
  readonly log: Log;
}

/** What is to be written of a job next, and what has been. */
interface Entry {
  job: StoredJob;
  keyHash: string | undefined;
  /** Until when its key has to be kept for it, when that is later than it was claimed for. */
  openUntilMs: number | undefined;
}

interface Loaded {
  readonly store: Store;
  readonly describe: (error: unknown) => StoreFailure;
}

/** How long the state of a job can be asked for after its last change. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** An item may have 400 KB, with its names and the error. */
const LARGEST_RESULT = 350 * 1024;
const LARGEST_MESSAGE = 1_024;

const AT_ONCE = 16;
const TRY_TIMEOUT_MS = 1_000;
const PAUSE_MS = 100;

/** While nothing gets through for so long, the hold goes on without it. */
const LONGEST_OUTAGE_MS = 2_000;

/** What is kept in memory until it can be written. */
const MOST_UNWRITTEN = 5_000;
const MOST_RESULT_BYTES = 8 * 1024 * 1024;
const MOST_NAMED = 10;

/**
 * Writes how far jobs are to the store, behind the reply: of each job one write at a time, in order, and only the latest
 * state. A store that is down holds the environment for two seconds; what could not be written then is written in the
 * next hold, or when the environment ends.
 */
export class JobStatuses {
  readonly #dependencies: Dependencies;
  /** By job id, oldest first. */
  readonly #unwritten = new Map<string, Entry>();
  #resultBytes = 0;
  /** When the first attempt of jobs has begun that have not ended. */
  readonly #started = new Map<string, number>();
  #loaded: Loaded | undefined;
  #working: Promise<void> | undefined;
  /** Nothing got through in the last hold: then the next one is not made longer by more than a try. */
  #isDown = false;
  #dropped = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Whether what handlers return is kept with the states. */
  get keepsResults(): boolean {
    return this.#dependencies.keepsResults;
  }

  /** Never throws, and waits for nothing. */
  note(job: KnownJob, progress: Progress): void {
    this.#take(job.jobId);
    this.#keep(job.jobId, this.#entryOf(job, progress));
    const [oldest] = this.#unwritten.keys();
    if (this.#unwritten.size > MOST_UNWRITTEN && oldest !== undefined) {
      this.#take(oldest);
      this.#dropped += 1;
    }
    this.write();
  }

  /** Writes what is left of an earlier hold. */
  write(): void {
    if (this.#working || this.#unwritten.size === 0) return;
    const close = this.#dependencies.hold.open();
    this.#working = this.#writeAll()
      .catch((error) => this.#dependencies.log.lastResort(`states of jobs were lost: ${error}`))
      .finally(() => {
        this.#working = undefined;
        close();
      });
  }

  /** The environment ends: writes what can be written until then (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.write();
    await Promise.race([this.#working, sleep(untilMs - Date.now(), undefined, { ref: false })]);
    if (this.#unwritten.size === 0) return;
    this.#dependencies.log.warn(
      'the states of jobs could not be written before the environment ended',
      { jobs: this.#unwritten.size, jobIds: [...this.#unwritten.keys()].slice(0, MOST_NAMED) },
    );
  }

  async #writeAll(): Promise<void> {
    const { log } = this.#dependencies;
    this.#loaded ??= await this.#load();
    const { store, describe } = this.#loaded;
    let lastSuccessAt = Date.now();
    while (this.#unwritten.size > 0) {
      // The next batch waits for this one, so of each job one state is written at a time.
      const batch = [...this.#unwritten].slice(0, AT_ONCE);
      for (const [jobId] of batch) this.#take(jobId);
      const failures: StoreFailure[] = [];
      await Promise.all(
        batch.map(async ([jobId, entry]) => {
          try {
            await this.#writeOne(store, entry);
            lastSuccessAt = Date.now();
            this.#isDown = false;
          } catch (error) {
            const failure = describe(error);
            failures.push(failure);
            // Unless something newer is to be written.
            if (!failure.isTransient) this.#dropped += 1;
            else if (!this.#unwritten.has(jobId)) this.#keep(jobId, entry);
          }
        }),
      );
      const [failure] = failures;
      const outageMs = Date.now() - lastSuccessAt;
      if (failure && (!failure.isTransient || this.#isDown || outageMs > LONGEST_OUTAGE_MS)) {
        this.#isDown = true;
        log.warn(
          `the states of jobs could not be written to the store: ${failure.reason}. ${failure.advice}`,
          { leftForTheNextInvocation: this.#unwritten.size, dropped: this.#dropped },
        );
        this.#dropped = 0;
        return;
      }
      if (failure) await sleep(PAUSE_MS);
    }
    if (this.#dropped > 0) {
      log.warn('more jobs have changed than could be written to the store in time', {
        dropped: this.#dropped,
      });
      this.#dropped = 0;
    }
  }

  #keep(jobId: string, entry: Entry): void {
    this.#unwritten.set(jobId, entry);
    this.#resultBytes += entry.job.result?.length ?? 0;
  }

  #take(jobId: string): void {
    this.#resultBytes -= this.#unwritten.get(jobId)?.job.result?.length ?? 0;
    this.#unwritten.delete(jobId);
  }

  async #writeOne(store: Store, { job, keyHash, openUntilMs }: Entry): Promise<void> {
    const { jobId, status } = job;
    const signal = () => AbortSignal.timeout(TRY_TIMEOUT_MS);
    await store.putJob(job, signal());
    if (keyHash === undefined) return;
    if (status === 'failed') await store.releaseKey(keyHash, jobId, signal());
    else if (status === 'succeeded') await store.keepKey(keyHash, jobId, signal());
    else if (openUntilMs !== undefined) {
      await store.extendKey(keyHash, jobId, openUntilMs, signal());
    }
  }

  async #load(): Promise<Loaded> {
    const { openStore, describeFailure } = await import('./store.ts');
    const { store, table } = openStore(
      this.#dependencies.env,
      'the states of jobs are not written',
    );
    return { store, describe: (error) => describeFailure(error, table) };
  }

  #entryOf(job: KnownJob, progress: Progress): Entry {
    const { jobId, acceptedAt, attempts, keyHash, deadlineMs } = job;
    const now = Date.now();
    if (progress.status === 'running' && !this.#started.has(jobId)) this.#started.set(jobId, now);
    const startedAt = this.#started.get(jobId);
    if (progress.status === 'ended') this.#started.delete(jobId);
    const isLater = progress.status === 'running' && progress.untilMs > deadlineMs + 1_000;
    return {
      job: {
        jobId,
        attempt: attempts,
        acceptedAt,
        startedAt,
        expiresAtMs: now + KEPT_MS,
        ...this.#facts(progress, now),
      },
      keyHash,
      openUntilMs: isLater ? progress.untilMs : undefined,
    };
  }

  #facts(progress: Progress, endedAt: number): { status: JobStatus } & Partial<StoredJob> {
    switch (progress.status) {
      case 'accepted':
      case 'running':
        return { status: progress.status };
      case 'retrying':
        return {
          status: 'retrying',
          nextAttemptAt: progress.nextAttemptAt,
          ...errorOf(progress.error),
        };
      case 'ended': {
        const { outcome } = progress;
        if (outcome.condition !== 'Success') {
          return { status: 'failed', endedAt, ...errorOf(outcome) };
        }
        return { status: 'succeeded', endedAt, ...this.#resultOf(outcome) };
      }
      default:
        return progress satisfies never;
    }
  }

  #resultOf({ result, omitted }: Extract<Outcome, { condition: 'Success' }>): Partial<StoredJob> {
    if (!this.#dependencies.keepsResults) return {};
    if (omitted !== undefined) return { omitted };
    if (this.#resultBytes > MOST_RESULT_BYTES) {
      return { omitted: 'Too many results were waiting to be written.' };
    }
    const bytes = Buffer.byteLength(result);
    if (bytes <= LARGEST_RESULT) return { result };
    return {
      omitted: `The result has ${bytes} bytes of JSON, and at most ${LARGEST_RESULT} are kept with the state of a job. Store it, and return where it is.`,
    };
  }
}

function errorOf({ errorType, errorMessage }: JobError): JobError {
  return { errorType, errorMessage: errorMessage.slice(0, LARGEST_MESSAGE) };
}
