import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorFacts, HandlerProcess } from './handler-process/handler-process.ts';
import type { Outcome } from './invocation-record.ts';
import type { Job } from './job.ts';
import { splitJobBody } from './job-body.ts';
import type { Log } from './log.ts';
import {
  decideRetry,
  type FailureCondition,
  type RetryPolicy,
  reasonNotToStart,
} from './retry-policy.ts';
import type { TimeLimits } from './time-limits.ts';

interface Dependencies {
  readonly handlerProcess: HandlerProcess;
  readonly policy: RetryPolicy;
  readonly log: Log;
}

/** Runs the background handler for a job until it succeeds, or until no attempt is left or possible. */
export async function attemptUntilDone(
  job: Job,
  functionDeadlineMs: number,
  abortAtMs: number,
  limits: TimeLimits,
  { handlerProcess, policy, log }: Dependencies,
): Promise<Outcome> {
  const { jobId, requestId, traceId, body, acceptedAt } = job;
  let last = withoutAnAttempt(job);
  while (true) {
    const tooLate = reasonNotToStart({
      policy,
      attempts: job.attempts,
      acceptedAt,
      now: Date.now(),
    });
    if (tooLate) return failed(tooLate, last);
    if (limits.stopReason) return failed(conditionOf(limits.stopReason), last);

    job.attempts += 1;
    job.entry.beginAttempt(job.attempts);
    const kill = () => void handlerProcess.kill(jobId);
    limits.kill.addEventListener('abort', kill);
    const result = await handlerProcess.run({
      jobId,
      attempt: job.attempts,
      requestId,
      deadlineMs: abortAtMs,
      killAtMs: functionDeadlineMs,
      functionDeadlineMs,
      ...(traceId !== undefined && { traceId }),
      bytes: splitJobBody(body) ?? { event: body, context: Buffer.from('{}') },
      wantsResult: true,
    });
    limits.kill.removeEventListener('abort', kill);
    if (result.status === 'succeeded')
      return { condition: 'Success', result: result.result ?? 'null' };
    last = result;
    const decision = decideRetry({
      policy,
      attempt: job.attempts,
      acceptedAt,
      now: Date.now(),
      abortAtMs,
      failure: { ...result, abortedBy: limits.stopReason },
    });
    if (decision.action === 'settle') return failed(decision.condition, last);
    log.warn(`attempt ${job.attempts} failed; the next one comes in ${decision.delayMs} ms`, {
      requestId,
      jobId,
      errorType: result.errorType,
      errorMessage: result.errorMessage,
    });
    // An aborted sleep rejects; the loop then ends by itself.
    await sleep(decision.delayMs, undefined, { signal: limits.stop }).catch(() => {});
  }
}

/** What is known of a job that has had no attempt in this process. */
function withoutAnAttempt({ attempts }: Job): ErrorFacts {
  const errorMessage =
    attempts === 0
      ? 'The job could not be started'
      : `The environment ended during attempt ${attempts} of the job`;
  return { errorType: 'Runtime.ExitError', errorMessage, stackTrace: [] };
}

function conditionOf(reason: NonNullable<TimeLimits['stopReason']>): FailureCondition {
  return reason === 'shutdown' ? 'EnvironmentShutdown' : 'DeadlineExceeded';
}

function failed(
  condition: FailureCondition,
  { errorType, errorMessage, stackTrace }: ErrorFacts,
): Outcome {
  return { condition, errorType, errorMessage, stackTrace };
}
