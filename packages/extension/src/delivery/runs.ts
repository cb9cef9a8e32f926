import type { Answer, Budget } from '@async-http/client/protocol';
import type {
  AbortReason,
  AttemptResult,
  HandlerProcess,
} from '../handler-process/handler-process.ts';
import type { Hold } from '../hold/hold.ts';
import { type EndedJob, logOutcome, sendRecord } from '../jobs/report-outcome.ts';
import { isRetriable } from '../jobs/retry-policy.ts';
import type { Destinations } from '../jobs/settlement.ts';
import { TimeLimits } from '../jobs/time-limits.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { Log } from '../output/log.ts';
import { failureOutcome, type Outcome } from '../records/outcome.ts';
import type { JobStatuses, Progress } from '../status/job-statuses.ts';

interface Dependencies {
  readonly handlerProcess: HandlerProcess;
  readonly destinations: Destinations;
  /** Stores the progress of jobs; undefined without a store. */
  readonly statuses: JobStatuses | undefined;
  readonly hold: Hold;
  /** Called for every job that a run has settled. */
  readonly onSettled: (outcome: Outcome, attempts: number) => void;
  readonly log: Log;
}

type Failure = Extract<AttemptResult, { status: 'failed' }>;

/** What a WARN line says of an attempt that has not ended its job, by what stopped it. */
const STOPPED: Record<AbortReason, string> = {
  deadline: 'was still running at the deadline. Give the function a longer timeout',
  shutdown: 'was aborted: the environment is ending',
};

/**
 * Single attempts of jobs that an engine keeps, for its consumer in this environment. Keeping the job and trying
 * again is the engine's part; so nothing is retried here.
 */
export class Runs {
  readonly #dependencies: Dependencies;
  readonly #open = new Map<Promise<void>, TimeLimits>();
  #endsAtMs: number | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Runs one attempt, within the time of the current invocation, and answers the client. */
  accept(entry: LogEntry): void {
    const { hold, log } = this.#dependencies;
    const { requestId, deadlineMs, jobId } = entry.head;
    const placement = hold.place(requestId, deadlineMs);
    if (placement.start !== 'now' || this.#endsAtMs !== undefined) {
      const because = this.#endsAtMs
        ? 'Lambda is ending this environment'
        : 'The request of the consumer is over';
      answer(entry, {
        status: 'refused',
        refusal: {
          code: 'ASYNC_HTTP_SHUTTING_DOWN',
          message: `${because}, so the job was not run. The engine delivers it again.`,
        },
      });
      return;
    }
    const close = hold.open();
    const limits = new TimeLimits(placement.budget, 'deadline');
    const run = this.#run(entry, placement.budget, limits)
      .catch((error) => log.lastResort(`a run could not be settled: ${error}`, { jobId }))
      .finally(() => {
        limits.clear();
        this.#open.delete(run);
        close();
      });
    this.#open.set(run, limits);
  }

  /** Aborts the open runs. Resolves when they have ended, by `untilMs` (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.#endsAtMs = untilMs;
    if (this.#open.size === 0) return;
    this.#dependencies.handlerProcess.abort(undefined, 'shutdown');
    for (const limits of this.#open.values()) limits.shutdown(untilMs);
    await Promise.all(this.#open.keys());
  }

  async #run(entry: LogEntry, budget: Budget, limits: TimeLimits): Promise<void> {
    const { handlerProcess, statuses } = this.#dependencies;
    const job = jobOf(entry);
    const { jobId } = job;
    const note = (progress: Progress) =>
      statuses?.note({ ...job, deadlineMs: entry.head.deadlineMs }, progress);
    note({ status: 'running', untilMs: budget.functionDeadlineMs });
    const { traceId, xRayDaemon } = entry.head;
    const kill = () => void handlerProcess.kill(jobId);
    limits.kill.addEventListener('abort', kill);
    const result = await handlerProcess.run({
      jobId,
      attempt: job.attempts,
      requestId: job.requestId,
      deadlineMs: budget.abortAtMs,
      killAtMs: budget.killAtMs,
      functionDeadlineMs: budget.functionDeadlineMs,
      ...(traceId !== undefined && { traceId }),
      ...(xRayDaemon !== undefined && { xRayDaemon }),
      bytes: entry.bytes,
      wantsResult: true,
    });
    limits.kill.removeEventListener('abort', kill);
    if (result.status === 'succeeded') {
      const { result: json = 'null', omitted } = result;
      // At once: if the record waited for its destination until the time is over, the engine would deliver a job
      // again that is done.
      entry.answer(`{"status":"succeeded","result":${json}}`);
      const outcome: Outcome = { condition: 'Success', result: json, omitted };
      note({ status: 'ended', outcome });
      await this.#settle(job, outcome, limits);
      return;
    }
    const { errorType, errorMessage, stackTrace, retryAfterMs } = result;
    const isRecorded = await this.#fail(job, result, limits);
    note(
      isRecorded
        ? { status: 'ended', outcome: failureOutcome('RetriesExhausted', result) }
        : // When, and how often, only the engine knows.
          { status: 'retrying', error: result },
    );
    answer(entry, {
      status: 'failed',
      errorType,
      errorMessage,
      stackTrace,
      retryAfterMs,
      retriable: isRetriable(result),
      isRecorded,
    });
  }

  /** @returns whether the job is settled by it */
  async #fail(job: EndedJob, failure: Failure, limits: TimeLimits): Promise<boolean> {
    const { destinations, log } = this.#dependencies;
    const { errorType, errorMessage, stackTrace } = failure;
    if (!isRetriable(failure) && destinations.onFailure) {
      return this.#settle(job, failureOutcome('RetriesExhausted', failure), limits);
    }
    const { jobId, requestId, attempts: attempt } = job;
    const words = limits.stopReason ? STOPPED[limits.stopReason] : 'failed';
    log.warn(
      isRetriable(failure)
        ? `attempt ${attempt} ${words}; the next one starts when the engine delivers the job again`
        : `attempt ${attempt} failed and no other can succeed, but the engine delivers the job again as often as its own settings say. Set ASYNC_HTTP_ON_FAILURE on this function to have such a job recorded there instead`,
      { requestId, jobId, attempt, errorType, errorMessage, stackTrace },
    );
    return false;
  }

  /** @returns whether the record is at its destination, if there is one */
  async #settle(job: EndedJob, outcome: Outcome, limits: TimeLimits): Promise<boolean> {
    const { destinations, onSettled, log } = this.#dependencies;
    const isSuccess = outcome.condition === 'Success';
    const destination = isSuccess ? destinations.onSuccess : destinations.onFailure;
    logOutcome(job, outcome, log);
    const error =
      destination &&
      (await sendRecord(job, outcome, destination, {
        signal: limits.send,
        willRetry: () => false,
        log,
      }));
    // A failure that could not be recorded stays with the engine.
    if (isSuccess || !error) onSettled(outcome, job.attempts);
    return !error;
  }
}

function answer(entry: LogEntry, result: Answer): void {
  entry.answer(JSON.stringify(result));
}

function jobOf(entry: LogEntry): EndedJob {
  const { jobId, requestId, originRequestId = requestId, attempt = 1, acceptedAt } = entry.head;
  return { jobId, requestId: originRequestId, attempts: attempt, acceptedAt, entry };
}
