import type { Budget } from '@async-http/client/protocol';
import type { HandlerProcess } from '../handler-process/handler-process.ts';
import type { Hold } from '../hold/hold.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { Log } from '../output/log.ts';
import type { Outcome } from '../records/outcome.ts';
import type { JobStatuses } from '../status/job-statuses.ts';
import { attemptUntilDone } from './attempts.ts';
import type { Job } from './job.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { type Destinations, isLeft, type Settlement, settle } from './settlement.ts';
import { TimeLimits } from './time-limits.ts';

interface Dependencies {
  readonly handlerProcess: HandlerProcess;
  readonly policy: RetryPolicy;
  readonly destinations: Destinations;
  /** Stores the progress of jobs; undefined without a store. */
  readonly statuses: JobStatuses | undefined;
  readonly hold: Hold;
  /** Called for every settled job. */
  readonly onSettled: (outcome: Outcome, attempts: number) => void;
  readonly log: Log;
}

/** The reply of the request usually leaves within this time, and should not share the CPU with the job. */
const START_AFTER_MS = 10;

/** More than an environment can have in flight; a client rings a job again only within milliseconds. */
const REMEMBERED = 1_000;

/** A job's way: accept → attempts → settle. Every job that comes in here leaves with a line in the log. */
export class Jobs {
  readonly #dependencies: Dependencies;
  readonly #running = new Map<Promise<void>, TimeLimits>();
  /** Jobs that start in a moment, or earlier when the reply is known to be out. */
  #starting: (() => void)[] = [];
  /** Jobs that wait for the next invocation. They hold nothing: the environment may be frozen. */
  #pending: Job[] = [];
  readonly #accepted = new Map<string, Job>();
  /** When everything has to be done, once Lambda ends the environment. */
  #endsAtMs: number | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get areRunning(): boolean {
    return this.#running.size > 0 || this.#starting.length > 0;
  }

  /** Takes over what an earlier extension of this environment has left; it resumes with the next invocation. */
  recover(entry: LogEntry): void {
    const { log } = this.#dependencies;
    const { requestId, jobId, attempts, state } = entry.head;
    if (this.#isKnown(entry)) return;
    if (entry.head.kind !== 'job') {
      entry.settle(); // Its client is gone, and has told its caller so.
      return;
    }
    log.warn('job found in the log of an earlier extension: it resumes with the next invocation', {
      requestId,
      jobId,
      attempts,
    });
    const outcome = state === 'ended' ? parseOutcome(entry.readOutcome()) : undefined;
    const job = jobOf(entry, outcome);
    this.#remember(job);
    this.#pending.push(job);
  }

  /** Takes in a job that was handed off: from here on the environment is held for it. */
  accept(entry: LogEntry): void {
    const { hold, log, statuses } = this.#dependencies;
    if (this.#isKnown(entry)) return;
    const job = jobOf(entry);
    const { jobId, requestId } = job;
    this.#remember(job);
    log.info('job accepted', { requestId, jobId });
    if (this.#endsAtMs !== undefined) {
      this.#start(job, shutdownBudget(this.#endsAtMs), 'shutdown');
      return;
    }
    const placement = hold.place(requestId, job.deadlineMs);
    if (placement.start === 'with the next invocation') {
      this.#pending.push(job);
      statuses?.note(job, { status: 'accepted' });
      log.warn(
        'handed off after its request was over: the job starts with the next invocation of this environment. Await sendArgs() before you return',
        { requestId, jobId },
      );
      return;
    }
    const close = hold.open();
    const start = () => {
      this.#start(job, placement.budget);
      close();
    };
    this.#starting.push(start);
    setTimeout(() => this.#startNow([start]), START_AFTER_MS);
  }

  /** The reply is out. */
  replied(): void {
    this.#startNow(this.#starting);
  }

  /** Starts what came in after its own request was over, or was left by an earlier hold or extension. */
  startPending(budget: Budget): void {
    this.#dependencies.statuses?.write();
    for (const job of this.#pending.splice(0)) this.#start(job, budget);
  }

  /** The same where no invocation has to be waited for. Each job gets the time that its own request had. */
  startPendingUnfrozen(): void {
    for (const job of this.#pending.splice(0)) {
      const deadlineMs = Date.now() + job.deadlineMs - job.acceptedAt;
      this.#start(job, this.#dependencies.hold.budgetUntil(deadlineMs));
    }
  }

  /** Aborts what runs, and records what is unfinished until `untilMs` (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.#endsAtMs = untilMs;
    this.replied();
    const budget = shutdownBudget(untilMs);
    for (const job of this.#pending.splice(0)) this.#start(job, budget, 'shutdown');
    this.#dependencies.handlerProcess.abort(undefined, 'shutdown');
    for (const limits of this.#running.values()) limits.shutdown(untilMs);
    await this.ended();
  }

  /** Resolves when nothing runs any more. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }

  #startNow(starts: readonly (() => void)[]): void {
    for (const start of [...starts]) {
      const place = this.#starting.indexOf(start);
      if (place === -1) continue;
      this.#starting.splice(place, 1);
      start();
    }
  }

  #start(job: Job, budget: Budget, stopReason: 'deadline' | 'shutdown' = 'deadline'): void {
    const { handlerProcess, hold, log, statuses } = this.#dependencies;
    const { jobId, requestId } = job;
    // Otherwise its first attempt begins at once.
    if (job.attempts === 0 && !handlerProcess.isLoaded) statuses?.note(job, { status: 'accepted' });
    const limits = new TimeLimits(budget, stopReason);
    const close = hold.open();
    const run = this.#run(job, budget, limits)
      .catch((error) =>
        log.lastResort(`a job could not be settled: ${error}`, { requestId, jobId }),
      )
      .finally(() => {
        limits.clear();
        this.#running.delete(run);
        close();
      });
    this.#running.set(run, limits);
  }

  async #run(job: Job, budget: Budget, limits: TimeLimits): Promise<void> {
    const { destinations, handlerProcess, onSettled, statuses, log } = this.#dependencies;
    const outcome =
      job.outcome ??
      (await attemptUntilDone(job, budget, limits, {
        ...this.#dependencies,
        wantsResult: destinations.onSuccess !== undefined || statuses?.keepsResults === true,
        onProgress: (progress) => statuses?.note(job, progress),
      }));
    if (!outcome) {
      log.warn(
        'the handler had not loaded when the time of the request was over: the job starts with the next invocation of this environment. Give the function more memory or a longer timeout',
        { requestId: job.requestId, jobId: job.jobId },
      );
      handlerProcess.pause();
      this.#postpone(job);
      return;
    }
    const mayResume = isLeft(outcome, destinations);
    // One that may resume keeps its key until its time is over, so that no second one runs at the same time.
    statuses?.note(mayResume ? { ...job, keyHash: undefined } : job, { status: 'ended', outcome });
    const settlement: Settlement = await settle(job, outcome, destinations, limits, log);
    switch (settlement) {
      case 'settled':
        onSettled(outcome, job.attempts);
        break;
      case 'unsent':
        job.outcome = outcome;
        this.#postpone(job);
        break;
      case 'left':
        break;
      default:
        settlement satisfies never;
    }
  }

  #postpone(job: Job): void {
    this.#pending.push(job);
    if (!this.#dependencies.hold.freezes) this.startPendingUnfrozen();
  }

  /** Whether the job is there already. */
  #isKnown(entry: LogEntry): boolean {
    const known = this.#accepted.get(keyOf(entry.head));
    if (!known) return false;
    const earlier = known.entry;
    if (earlier.isSameRecord(entry)) {
      entry.drop();
    } else if (earlier.isSettled) {
      entry.settle();
    } else {
      // Its log was retired, or deleted, while it was rung: the new place is the one that lasts.
      known.entry = entry;
      earlier.settle();
    }
    return true;
  }

  #remember(job: Job): void {
    this.#accepted.set(keyOf(job), job);
    const [oldest] = this.#accepted.keys();
    if (this.#accepted.size > REMEMBERED && oldest !== undefined) this.#accepted.delete(oldest);
  }
}

/** A function that has begun again can use a job id again, when Lambda repeats the request. */
function keyOf({ jobId, acceptedAt }: Pick<Job, 'jobId' | 'acceptedAt'>): string {
  return `${jobId} ${acceptedAt}`;
}

function jobOf(entry: LogEntry, outcome?: Outcome): Job {
  const { jobId, requestId, deadlineMs, acceptedAt, traceId, xRayDaemon, keyHash, attempts } =
    entry.head;
  return {
    jobId,
    requestId,
    deadlineMs,
    acceptedAt,
    traceId,
    xRayDaemon,
    keyHash,
    attempts,
    waitedMs: 0,
    outcome,
    entry,
  };
}

function parseOutcome(json: string | undefined): Outcome | undefined {
  try {
    const outcome = JSON.parse(json ?? 'null');
    return typeof outcome?.condition === 'string' ? outcome : undefined;
  } catch {
    return undefined;
  }
}

function shutdownBudget(untilMs: number): Budget {
  const now = Date.now();
  return {
    functionDeadlineMs: untilMs,
    loadUntilMs: now,
    fairLoadMs: 0,
    abortAtMs: now,
    killAtMs: now,
    beginSendUntilMs: untilMs,
    sendUntilMs: untilMs,
    releaseAtMs: untilMs,
  };
}
