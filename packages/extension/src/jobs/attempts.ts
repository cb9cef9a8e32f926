import { setTimeout as sleep } from 'node:timers/promises';
import type { Budget } from '@async-http/client/protocol';
import {
  type AttemptResult,
  failedWithProcess,
  type HandlerLoadError,
  type HandlerProcess,
} from '../handler-process/handler-process.ts';
import { timerDelay } from '../max-timer.ts';
import type { Log } from '../output/log.ts';
import { type FailureCondition, failureOutcome, type Outcome } from '../records/outcome.ts';
import type { Progress } from '../status/job-statuses.ts';
import type { Job } from './job.ts';
import { decideRetry, type RetryPolicy, reasonNotToStart } from './retry-policy.ts';
import type { TimeLimits } from './time-limits.ts';

interface Dependencies {
  readonly handlerProcess: HandlerProcess;
  readonly policy: RetryPolicy;
  /** Whether somebody gets what the handler returns. */
  readonly wantsResult: boolean;
  readonly onProgress: (progress: Progress) => void;
  readonly log: Log;
}

type Facts = Pick<
  Extract<AttemptResult, { status: 'failed' }>,
  'errorType' | 'errorMessage' | 'stackTrace'
>;

/**
 * Runs the background handler for a job until it succeeds, or until no attempt is left or possible.
 *
 * @returns undefined when the handler was still loading when the hold had to end: a next invocation can begin the attempt
 */
export async function attemptUntilDone(
  job: Job,
  budget: Budget,
  limits: TimeLimits,
  { handlerProcess, policy, wantsResult, onProgress, log }: Dependencies,
): Promise<Outcome | undefined> {
  const { jobId, requestId, traceId, xRayDaemon, acceptedAt } = job;
  let last = withoutAnAttempt(job);
  while (true) {
    const tooLate = reasonNotToStart({
      policy,
      attempts: job.attempts,
      acceptedAt,
      now: Date.now(),
    });
    if (tooLate) return failureOutcome(tooLate, last);
    let result: AttemptResult | undefined;
    if (!limits.stopReason && !handlerProcess.isLoaded) {
      const began = Date.now();
      const leftMs = budget.loadUntilMs - began;
      const mayWait = job.waitedMs + leftMs < budget.fairLoadMs;
      if (mayWait && leftMs <= 0) return undefined;
      // After that, the end of the hold needs the CPU.
      result = await failureToLoad(handlerProcess, limits.stop, mayWait ? leftMs : undefined);
      job.waitedMs += Date.now() - began;
      const stillLoads = !result && !handlerProcess.isLoaded;
      if (mayWait && stillLoads && limits.stopReason !== 'shutdown') return undefined;
    }
    if (limits.stopReason) return failureOutcome(conditionOf(limits.stopReason), last);

    job.attempts += 1;
    job.entry.beginAttempt(job.attempts);
    onProgress({ status: 'running', untilMs: budget.functionDeadlineMs });
    const kill = () => void handlerProcess.kill(jobId);
    limits.kill.addEventListener('abort', kill);
    result ??= await handlerProcess.run({
      jobId,
      attempt: job.attempts,
      requestId,
      deadlineMs: budget.abortAtMs,
      killAtMs: budget.killAtMs,
      functionDeadlineMs: budget.functionDeadlineMs,
      ...(traceId !== undefined && { traceId }),
      ...(xRayDaemon !== undefined && { xRayDaemon }),
      bytes: job.entry.bytes,
      wantsResult,
    });
    limits.kill.removeEventListener('abort', kill);
    if (result.status === 'succeeded') {
      return { condition: 'Success', result: result.result ?? 'null', omitted: result.omitted };
    }
    last = result;
    const decision = decideRetry({
      policy,
      attempt: job.attempts,
      acceptedAt,
      now: Date.now(),
      abortAtMs: budget.abortAtMs,
      failure: { ...result, abortedBy: limits.stopReason },
    });
    if (decision.action === 'settle') return failureOutcome(decision.condition, last);
    const { errorType, errorMessage, stackTrace } = result;
    const nextAttemptAt = Date.now() + decision.delayMs;
    onProgress({
      status: 'retrying',
      error: result,
      nextAttemptAt,
      untilMs: budget.functionDeadlineMs,
    });
    log.warn(`attempt ${job.attempts} failed; the next one starts in ${decision.delayMs} ms`, {
      requestId,
      jobId,
      attempt: job.attempts,
      errorType,
      errorMessage,
      stackTrace,
    });
    // An aborted sleep rejects; the loop then ends by itself.
    await sleep(timerDelay(decision.delayMs), undefined, {
      signal: limits.stop,
    }).catch(() => {});
  }
}

/**
 * Waits until the handler has loaded, at the latest until the signal.
 *
 * @returns what an attempt comes to if it cannot be loaded
 */
async function failureToLoad(
  handlerProcess: HandlerProcess,
  signal: AbortSignal,
  longestMs = Number.POSITIVE_INFINITY,
): Promise<AttemptResult | undefined> {
  const { promise, resolve } = Promise.withResolvers<AttemptResult | undefined>();
  const giveUp = () => resolve(undefined);
  const timer = setTimeout(giveUp, timerDelay(longestMs));
  signal.addEventListener('abort', giveUp, { once: true });
  handlerProcess.ready().then(
    () => resolve(undefined),
    (error: HandlerLoadError) => resolve(failedWithProcess(error)),
  );
  return promise.finally(() => clearTimeout(timer));
}

/** What is known of a job that has had no attempt in this process. */
function withoutAnAttempt({ attempts }: Job): Facts {
  const errorMessage =
    attempts === 0
      ? 'The job could not be started'
      : `The environment ended during attempt ${attempts} of the job`;
  return { errorType: 'Runtime.ExitError', errorMessage, stackTrace: [] };
}

function conditionOf(reason: NonNullable<TimeLimits['stopReason']>): FailureCondition {
  return reason === 'shutdown' ? 'EnvironmentShutdown' : 'DeadlineExceeded';
}
