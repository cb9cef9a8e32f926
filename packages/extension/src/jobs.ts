import type { Accepted } from '@async-http/client/protocol';
import { attemptUntilDone } from './attempts.ts';
import type { Budget } from './budget.ts';
import { refuseUnlessRecordFits } from './destinations/record-limit.ts';
import type { AbortReason, HandlerProcess } from './handler-process/handler-process.ts';
import { refusedAsEnding, untilReady } from './handler-readiness.ts';
import type { HandOff } from './inbox.ts';
import type { Outcome } from './invocation-record.ts';
import type { Invocations, Placement } from './invocations.ts';
import type { Job } from './job.ts';
import { type Journal, JournalError } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import { RefusalError } from './refusal.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { type Destinations, settle } from './settlement.ts';
import { TimeLimits } from './time-limits.ts';

interface Dependencies {
  /** Undefined where `problems` says why there is none. */
  readonly handlerProcess: HandlerProcess | undefined;
  /** Why every hand-off is refused, a sentence each. */
  readonly problems: readonly string[];
  readonly policy: RetryPolicy;
  readonly destinations: Destinations;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly invocations: Invocations;
  /** Told of every settled job. */
  readonly onSettled: (outcome: Outcome, attempts: number) => void;
  readonly log: Log;
}

/** What a refusal means for the one who hands off. */
const NOT_ACCEPTED = {
  loss: 'the job was not accepted',
  advice: 'Send the request again.',
};

/** A job's way: accept → attempts → settle. */
export class Jobs {
  readonly #dependencies: Dependencies;
  readonly #running = new Map<Promise<void>, TimeLimits>();
  /** Jobs that wait for the next invocation. They hold nothing: the environment may be frozen. */
  readonly #pending: Job[] = [];
  #isShuttingDown = false;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Takes over what earlier extensions of this environment have left; it goes on with the next invocation. */
  recover(): void {
    const { journal, ledger, log } = this.#dependencies;
    const { jobs, problems } = journal.recover();
    for (const problem of problems) log.error(`journal: ${problem}`);
    for (const { outcome, ...job } of jobs) {
      const { requestId, jobId, attempts } = job;
      log.warn('job found in the journal: it goes on with the next invocation', {
        requestId,
        jobId,
        attempts,
      });
      ledger.takeOver(job);
      this.#pending.push({
        ...job,
        ...(outcome !== undefined && { outcome: JSON.parse(outcome) }),
      });
    }
  }

  /**
   * Takes a job in. When this resolves, the background handler is loaded, the job is in memory and in
   * the journal, and the environment is held for it.
   *
   * @throws {RefusalError}
   */
  accept(handOff: HandOff): Promise<Accepted> {
    return this.#dependencies.ledger.once(handOff.idempotencyKey, () => this.#admit(handOff));
  }

  get areRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Starts what came in after its own request was over, or was left by an earlier hold or extension. */
  startPending(budget: Budget): void {
    for (const job of this.#pending.splice(0)) this.#start(job, budget);
  }

  /** The same where no invocation has to be waited for. Each job gets the time that its own request had. */
  startPendingUnfrozen(): void {
    for (const job of this.#pending.splice(0)) {
      const deadlineMs = Date.now() + job.deadlineMs - job.acceptedAt;
      this.#start(job, this.#dependencies.invocations.budgetUntil(deadlineMs));
    }
  }

  /** Refuses new jobs, aborts the running ones, and records what is unfinished until `untilMs` (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.#isShuttingDown = true;
    const { handlerProcess } = this.#dependencies;
    const now = Date.now();
    const budget = {
      functionDeadlineMs: untilMs,
      abortAtMs: now,
      killAtMs: now,
      sendUntilMs: untilMs,
      releaseAtMs: untilMs,
    };
    for (const job of this.#pending.splice(0)) this.#start(job, budget, 'shutdown');
    handlerProcess?.abort(undefined, 'shutdown');
    for (const limits of this.#running.values()) limits.shutdown(untilMs);
    await Promise.all(this.#running.keys());
    await handlerProcess?.close();
  }

  async #admit(handOff: HandOff): Promise<Accepted> {
    const { invocations, journal, ledger, log } = this.#dependencies;
    const { requestId, body } = handOff;
    // Open already now: the request may end while the background handler loads.
    const close = invocations.open();
    try {
      const placement = invocations.place(requestId, handOff.deadlineMs);
      await this.#untilReady(placement);
      this.#refuseUnrecordable(body);
      const { body: _, ...known } = handOff;
      const facts = { ...known, jobId: ledger.nextId(requestId), acceptedAt: Date.now() };
      const job = { ...facts, body, attempts: 0, entry: journal.write(facts, body) };
      if (placement.start === 'now') {
        // Not in the turn that writes the answer: the job would compete for the CPU with the function that waits for it.
        setTimeout(() => {
          this.#start(job, placement.budget);
          close();
        }, 1);
      } else {
        this.#pending.push(job);
        close();
        log.warn(
          'handed off after its request was over: the job starts with the next invocation of this environment. Await sendArgs() before you return',
          { requestId, jobId: job.jobId },
        );
      }
      return { jobId: job.jobId };
    } catch (error) {
      close();
      throw error instanceof JournalError
        ? new RefusalError('ASYNC_HTTP_JOURNAL_UNWRITABLE', error.message)
        : error;
    }
  }

  async #untilReady(placement: Placement): Promise<void> {
    this.#refuseAtShutdown();
    await untilReady(this.#dependencies, placement, NOT_ACCEPTED);
    this.#refuseAtShutdown();
  }

  #refuseAtShutdown(): void {
    if (this.#isShuttingDown)
      throw refusedAsEnding('Lambda is ending this environment', NOT_ACCEPTED);
  }

  #refuseUnrecordable(body: Buffer): void {
    const { onFailure, onSuccess } = this.#dependencies.destinations;
    if (onFailure) refuseUnlessRecordFits(body, onFailure.target, 'ASYNC_HTTP_ON_FAILURE');
    if (onSuccess) refuseUnlessRecordFits(body, onSuccess.target, 'ASYNC_HTTP_ON_SUCCESS');
  }

  #start(job: Job, budget: Budget, stopReason: AbortReason = 'deadline'): void {
    const { invocations, log } = this.#dependencies;
    const limits = new TimeLimits(budget, stopReason);
    const close = invocations.open();
    const run = this.#run(job, budget, limits)
      .catch((error) => log.error(`a job could not be settled: ${error}`, { jobId: job.jobId }))
      .finally(() => {
        limits.clear();
        this.#running.delete(run);
        close();
      });
    this.#running.set(run, limits);
  }

  async #run(
    job: Job,
    { functionDeadlineMs, abortAtMs }: Budget,
    limits: TimeLimits,
  ): Promise<void> {
    const { handlerProcess, policy, destinations, invocations, onSettled, log } =
      this.#dependencies;
    if (!handlerProcess) return;
    const outcome =
      job.outcome ??
      (await attemptUntilDone(job, functionDeadlineMs, abortAtMs, limits, {
        handlerProcess,
        policy,
        log,
      }));
    const settlement = await settle(job, outcome, destinations, limits, log);
    if (settlement === 'settled') onSettled(outcome, job.attempts);
    if (settlement !== 'unsent') return;
    this.#pending.push({ ...job, outcome });
    if (!invocations.freezes) this.startPendingUnfrozen();
  }
}
