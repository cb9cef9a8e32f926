import { setTimeout as sleep } from 'node:timers/promises';
import type { JobStatus, OpenStore, StoredJob, StoreFailure } from '@async-http/client/store';
import type { Hold } from '../hold/hold.ts';
import type { Log, LogFields } from '../output/log.ts';
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

/** The progress of a job. */
export type Progress =
  | { readonly status: 'accepted'; readonly isWithEngine?: true | undefined }
  | { readonly status: 'running'; readonly untilMs: number }
  | {
      readonly status: 'retrying';
      readonly error: JobError;
      /** Unless the next attempt is an engine's. */
      readonly nextAttemptAt?: number | undefined;
      readonly untilMs?: number | undefined;
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

/** What is to be written of a job next. */
interface Entry {
  readonly job: StoredJob;
  /** The change of its key; undefined when it has been written, or there is none. */
  key: KeyChange | undefined;
}

type KeyChange = { readonly keyHash: string } & (
  | { readonly becomes: 'free' | 'kept' }
  /** The job runs longer than the key was claimed for. */
  | { readonly becomes: 'open'; readonly untilMs: number }
);

interface Loaded extends OpenStore {
  readonly describe: (error: unknown) => StoreFailure;
}

/** How long the state of a job can be asked for after its last change. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** An item may have 400 KB, with its names and the error. */
const LARGEST_RESULT = 350 * 1024;
const LARGEST_MESSAGE = 1_024;

const AT_ONCE = 16;
const PAUSE_MS = 100;

/** What is kept in memory until it can be written. */
const MOST_UNWRITTEN = 5_000;
const MOST_RESULT_BYTES = 8 * 1024 * 1024;
const MOST_NAMED = 10;

/** Otherwise, every change of a job would write a line while the store is down. */
const LINE_EVERY_MS = 10_000;

/**
 * Writes the progress of jobs to the store after the reply: one write at a time for each job, in order, and only its latest
 * state. A store that is down holds the environment for two seconds, or more with little CPU. What could not be written
 * is written in the next hold, or when the environment ends.
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
  /** Nothing was written in the last hold: then the next one waits for one try only. */
  #isDown = false;
  #dropped = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Whether what handlers return is kept with the states. */
  get keepsResults(): boolean {
    return this.#dependencies.keepsResults;
  }

  /** Never throws, and waits for nothing. */
  note(job: KnownJob, progress: Progress): void {
    const earlier = this.#unwritten.get(job.jobId);
    const entry = this.#entryOf(job, progress);
    // The later state does not include a key change that has not been written yet.
    entry.key ??= earlier?.key;
    this.#take(job.jobId);
    this.#keep(job.jobId, entry);
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
    const timeIsUp = sleep(untilMs - Date.now(), undefined, { ref: false });
    // What has begun before may give up, for what went wrong before.
    await Promise.race([this.#working, timeIsUp]);
    this.write();
    await Promise.race([this.#working, timeIsUp]);
    if (this.#unwritten.size === 0) return;
    this.#dependencies.log.warn(
      'the states of jobs could not be written before the environment ended',
      { jobs: this.#unwritten.size, jobIds: [...this.#unwritten.keys()].slice(0, MOST_NAMED) },
    );
  }

  async #writeAll(): Promise<void> {
    this.#loaded ??= await this.#load();
    const opened = this.#loaded;
    const { describe, times } = opened;
    let lastSuccessAt = Date.now();
    while (this.#unwritten.size > 0) {
      // The next batch waits for this one, so of each job one state is written at a time.
      const batch = [...this.#unwritten].slice(0, AT_ONCE);
      for (const [jobId] of batch) this.#take(jobId);
      const failures: StoreFailure[] = [];
      await Promise.all(
        batch.map(async ([jobId, entry]) => {
          try {
            await this.#writeOne(opened, entry);
            lastSuccessAt = Date.now();
            this.#isDown = false;
          } catch (error) {
            const failure = describe(error);
            failures.push(failure);
            // Unless something newer is to be written.
            if (!failure.isTransient) this.#dropped += 1;
            else this.#keepUnlessNewer(jobId, entry);
          }
        }),
      );
      const [failure] = failures;
      if (!failure) continue;
      // If the table refuses one, it may still accept the others.
      const gotNothing = failures.length === batch.length;
      const outageMs = Date.now() - lastSuccessAt;
      const isOver = gotNothing && (this.#isDown || outageMs > times.outageMs);
      if (isOver || !failure.isTransient) {
        if (gotNothing) this.#isDown = true;
        this.#warn(
          `the states of jobs could not be written to the store: ${failure.reason}.${failure.advice && ` ${failure.advice}`}`,
          { leftForTheNextInvocation: this.#unwritten.size },
        );
      }
      if (isOver) return;
      if (failures.some(({ isTransient }) => isTransient)) await sleep(PAUSE_MS);
    }
    if (this.#dropped > 0) this.#warn('states of jobs were not written to the store, and are lost');
  }

  /** From time to time; the next line counts what was dropped since. */
  #warn(message: string, fields: LogFields = {}): void {
    const now = performance.now();
    if (now - this.#warnedAt < LINE_EVERY_MS) return;
    this.#warnedAt = now;
    this.#dependencies.log.warn(message, { ...fields, dropped: this.#dropped });
    this.#dropped = 0;
  }

  #keep(jobId: string, entry: Entry): void {
    this.#unwritten.set(jobId, entry);
    this.#resultBytes += entry.job.result?.length ?? 0;
  }

  #keepUnlessNewer(jobId: string, entry: Entry): void {
    const newer = this.#unwritten.get(jobId);
    if (newer) newer.key ??= entry.key;
    else this.#keep(jobId, entry);
  }

  #take(jobId: string): void {
    this.#resultBytes -= this.#unwritten.get(jobId)?.job.result?.length ?? 0;
    this.#unwritten.delete(jobId);
  }

  /** The key first: on it depends what may start. */
  async #writeOne(opened: OpenStore, entry: Entry): Promise<void> {
    const { store, times } = opened;
    const problem = await this.#writeKey(opened, entry).catch((error: unknown) => ({ error }));
    await store.putJob(entry.job, AbortSignal.timeout(times.tryMs)).catch((error: unknown) => {
      throw problem ? problem.error : error;
    });
    if (problem) throw problem.error;
  }

  async #writeKey({ store, times }: OpenStore, entry: Entry): Promise<void> {
    const { key } = entry;
    if (!key) return;
    const { jobId } = entry.job;
    const signal = AbortSignal.timeout(times.tryMs);
    switch (key.becomes) {
      case 'free':
        await store.releaseKey(key.keyHash, jobId, signal);
        break;
      case 'kept':
        await store.keepKey(key.keyHash, jobId, signal);
        break;
      case 'open':
        await store.extendKey(key.keyHash, jobId, key.untilMs, signal);
        break;
      default:
        key satisfies never;
    }
    entry.key = undefined;
  }

  async #load(): Promise<Loaded> {
    const { openStore, describeFailure } = await import('./store.ts');
    const opened = openStore(this.#dependencies.env, 'the states of jobs are not written');
    return { ...opened, describe: (error) => describeFailure(error, opened.table) };
  }

  #entryOf(job: KnownJob, progress: Progress): Entry {
    const { jobId, acceptedAt, attempts, keyHash, deadlineMs } = job;
    const now = Date.now();
    if (progress.status === 'running' && !this.#started.has(jobId)) this.#started.set(jobId, now);
    const startedAt = this.#started.get(jobId);
    // When nothing is said of the next attempt, it is an engine's, and in any environment.
    const isLast = progress.status === 'retrying' && progress.nextAttemptAt === undefined;
    if (progress.status === 'ended' || isLast) this.#started.delete(jobId);
    return {
      job: {
        jobId,
        attempt: attempts,
        changedAt: now,
        acceptedAt,
        startedAt,
        expiresAtMs: now + KEPT_MS,
        openUntil: openUntil(progress, deadlineMs),
        ...this.#facts(progress, now),
      },
      key: keyHash === undefined ? undefined : keyChange(keyHash, progress, deadlineMs),
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

/** @returns undefined when it has ended, or an engine has it, which may keep it for days */
function openUntil(progress: Progress, deadlineMs: number): number | undefined {
  switch (progress.status) {
    case 'accepted':
      return progress.isWithEngine ? undefined : deadlineMs;
    case 'running':
    case 'retrying':
      return progress.untilMs;
    case 'ended':
      return undefined;
    default:
      return progress satisfies never;
  }
}

function keyChange(keyHash: string, progress: Progress, deadlineMs: number): KeyChange | undefined {
  switch (progress.status) {
    case 'accepted':
      // How long an engine keeps a job is not known.
      return progress.isWithEngine && { keyHash, becomes: 'kept' };
    case 'running': {
      const { untilMs } = progress;
      return untilMs > deadlineMs + 1_000 ? { keyHash, becomes: 'open', untilMs } : undefined;
    }
    case 'retrying':
      return undefined;
    case 'ended': {
      const isSuccess = progress.outcome.condition === 'Success';
      return { keyHash, becomes: isSuccess ? 'kept' : 'free' };
    }
    default:
      return progress satisfies never;
  }
}

/** DynamoDB refuses text that was cut in the middle of a character. */
function errorOf({ errorType, errorMessage }: JobError): JobError {
  return {
    errorType: errorType.slice(0, LARGEST_MESSAGE).toWellFormed(),
    errorMessage: errorMessage.slice(0, LARGEST_MESSAGE).toWellFormed(),
  };
}
