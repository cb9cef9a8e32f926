import type { Budget } from '../budget.ts';
import type {
  AbortReason,
  Attempt,
  AttemptResult,
  HandlerProcess,
} from '../handler-process/handler-process.ts';
import { refusedAsEnding, untilReady } from '../handler-readiness.ts';
import type { RunRequest } from '../inbox.ts';
import type { Outcome } from '../invocation-record.ts';
import type { Invocations } from '../invocations.ts';
import { splitJobBody } from '../job-body.ts';
import type { Log } from '../log.ts';
import { type EndedJob, reportOutcome } from '../report-outcome.ts';
import { isRetriable } from '../retry-policy.ts';
import type { Destinations } from '../settlement.ts';
import { TimeLimits } from '../time-limits.ts';

interface Dependencies {
  /** Undefined where `problems` says why there is none. */
  readonly handlerProcess: HandlerProcess | undefined;
  /** Why every run is refused, a sentence each. */
  readonly problems: readonly string[];
  readonly destinations: Destinations;
  readonly invocations: Invocations;
  /** Told of every job that a run has settled. */
  readonly onSettled: (outcome: Outcome, attempts: number) => void;
  readonly log: Log;
}

type Failure = Extract<AttemptResult, { status: 'failed' }>;

/** What a refusal means for the one who asks. */
const NOT_RUN = {
  loss: 'the job was not run',
  advice: 'The engine delivers it again.',
};

/** What a WARN line says of an attempt that has not ended its job, by what stopped it. */
const STOPPED: Record<AbortReason, string> = {
  deadline: 'was still running at the deadline. Give the function a longer timeout',
  shutdown: 'was aborted: the environment is ending',
};

/**
 * Single attempts of jobs that an engine keeps, asked for by its consumer in this environment. Keeping
 * the job and trying again is the engine's part; so there is no journal here, and no retry.
 */
export class EngineRuns {
  readonly #dependencies: Dependencies;
  readonly #open = new Map<Promise<void>, TimeLimits>();
  /** Answers to come, so that a request which is repeated on a fresh connection does not run the job twice. */
  readonly #answers = new Map<string, Promise<string>>();
  #isShuttingDown = false;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Runs one attempt, within the time of the current invocation.
   *
   * @returns the answer, a `RunResult` as JSON
   * @throws {RefusalError} when the attempt was not made
   */
  run(request: RunRequest): Promise<string> {
    const { idempotencyKey } = request;
    const known = this.#answers.get(idempotencyKey);
    if (known) return known;
    const answer = this.#admit(request).finally(() => this.#answers.delete(idempotencyKey));
    this.#answers.set(idempotencyKey, answer);
    return answer;
  }

  /** Refuses new runs and aborts the open ones. Resolves when they have ended, by `untilMs` (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.#isShuttingDown = true;
    if (this.#open.size === 0) return;
    this.#dependencies.handlerProcess?.abort(undefined, 'shutdown');
    for (const limits of this.#open.values()) limits.shutdown(untilMs);
    await Promise.all(this.#open.keys());
  }

  async #admit(request: RunRequest): Promise<string> {
    const { invocations, log } = this.#dependencies;
    const close = invocations.open();
    try {
      const placement = invocations.place(request.requestId, request.deadlineMs);
      if (placement.start !== 'now') {
        throw refusedAsEnding('The request of the consumer is over', NOT_RUN);
      }
      this.#refuseAtShutdown();
      const handlerProcess = await untilReady(this.#dependencies, placement, NOT_RUN);
      this.#refuseAtShutdown();

      const { budget } = placement;
      const limits = new TimeLimits(budget, 'deadline');
      const { promise: answer, resolve, reject } = Promise.withResolvers<string>();
      const run = this.#run(request, { budget, limits, handlerProcess, answer: resolve })
        .catch((error) => {
          log.error(`a run could not be settled: ${error}`, { jobId: request.jobId });
          reject(error);
        })
        .finally(() => {
          limits.clear();
          this.#open.delete(run);
          close();
        });
      this.#open.set(run, limits);
      return answer;
    } catch (error) {
      close();
      throw error;
    }
  }

  #refuseAtShutdown(): void {
    if (this.#isShuttingDown) throw refusedAsEnding('Lambda is ending this environment', NOT_RUN);
  }

  async #run(
    request: RunRequest,
    {
      budget,
      limits,
      handlerProcess,
      answer,
    }: {
      budget: Budget;
      limits: TimeLimits;
      handlerProcess: HandlerProcess;
      answer: (json: string) => void;
    },
  ): Promise<void> {
    const kill = () => void handlerProcess.kill(request.jobId);
    limits.kill.addEventListener('abort', kill);
    const result = await handlerProcess.run(attemptOf(request, budget));
    limits.kill.removeEventListener('abort', kill);
    if (result.status === 'succeeded') {
      // At once: if the record waited for its destination until the time is over, the engine would
      // deliver a job again that is done.
      const { result: json = 'null' } = result;
      answer(`{"status":"succeeded","result":${json}}`);
      await this.#settle(request, { condition: 'Success', result: json }, limits);
      return;
    }
    const { errorType, errorMessage, stackTrace, retryAfterMs } = result;
    const retriable = isRetriable(result);
    answer(
      JSON.stringify({
        status: 'failed',
        errorType,
        errorMessage,
        stackTrace,
        retryAfterMs,
        retriable,
        isRecorded: await this.#fail(request, result, limits),
      }),
    );
  }

  /** @returns whether the job is settled by it */
  async #fail(request: RunRequest, failure: Failure, limits: TimeLimits): Promise<boolean> {
    const { destinations, log } = this.#dependencies;
    const { errorType, errorMessage, stackTrace } = failure;
    if (!isRetriable(failure) && destinations.onFailure) {
      return this.#settle(
        request,
        { condition: 'RetriesExhausted', errorType, errorMessage, stackTrace },
        limits,
      );
    }
    const words = limits.stopReason ? STOPPED[limits.stopReason] : 'failed';
    log.warn(
      isRetriable(failure)
        ? `attempt ${request.attempt} ${words}; the next one comes when the engine delivers the job again`
        : `attempt ${request.attempt} failed for good, but the engine delivers the job again as long as its own settings say. Set ASYNC_HTTP_ON_FAILURE on this function to have such a job recorded there and done with`,
      { requestId: request.originRequestId, jobId: request.jobId, errorType, errorMessage },
    );
    return false;
  }

  /** @returns whether the record is at its destination, if there is one */
  async #settle(request: RunRequest, outcome: Outcome, limits: TimeLimits): Promise<boolean> {
    const { destinations, onSettled, log } = this.#dependencies;
    const isSuccess = outcome.condition === 'Success';
    const destination = isSuccess ? destinations.onSuccess : destinations.onFailure;
    const error = await reportOutcome(jobOf(request), outcome, destination, {
      sendUntil: limits.send,
      log,
    });
    // A failure that could not be recorded stays with the engine.
    if (isSuccess || !error) onSettled(outcome, request.attempt);
    return !error;
  }
}

function attemptOf(request: RunRequest, { abortAtMs, functionDeadlineMs }: Budget): Attempt {
  const { jobId, attempt, originRequestId, traceId, body } = request;
  return {
    jobId,
    attempt,
    requestId: originRequestId,
    deadlineMs: abortAtMs,
    killAtMs: functionDeadlineMs,
    functionDeadlineMs,
    ...(traceId !== undefined && { traceId }),
    bytes: splitJobBody(body) ?? { event: body, context: Buffer.from('{}') },
    wantsResult: true,
  };
}

function jobOf({ originRequestId, jobId, attempt, acceptedAt, body }: RunRequest): EndedJob {
  return { requestId: originRequestId, jobId, attempts: attempt, acceptedAt, body };
}
