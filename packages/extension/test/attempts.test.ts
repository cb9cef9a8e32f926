import { describe, expect, it, onTestFinished } from 'vitest';
import { attemptUntilDone } from '../src/attempts.ts';
import type { AttemptResult } from '../src/handler-process/handler-process.ts';
import { TimeLimits } from '../src/time-limits.ts';
import { budgetOf, failure, jobWithNotes, memoryLog, scriptedHandler } from './support/jobs.ts';

const SUCCESS: AttemptResult = { status: 'succeeded', result: '"done"' };

function start(results: AttemptResult[], facts: object = {}, times: object = {}) {
  const { job, notes } = jobWithNotes(facts);
  const { handlerProcess, attempts } = scriptedHandler(results);
  const { log } = memoryLog();
  const budget = budgetOf(times);
  const limits = new TimeLimits(budget, 'deadline');
  onTestFinished(() => limits.clear());
  const outcome = attemptUntilDone(job, budget.functionDeadlineMs, budget.abortAtMs, limits, {
    handlerProcess,
    policy: { maxRetryAttempts: 2, maxEventAgeMs: 60_000 },
    log,
  });
  return { outcome, attempts, notes, limits };
}

describe('the attempts of a job', () => {
  it('are counted in the journal before they begin, and end with the first success', async () => {
    const { outcome, attempts, notes } = start([failure(), SUCCESS]);

    expect(await outcome).toEqual({ condition: 'Success', result: '"done"' });
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(notes).toEqual(['attempt 1', 'attempt 2']);
  });

  it('go on counting where an earlier process was', async () => {
    const { outcome, attempts } = start([failure({ errorMessage: 'last' })], { attempts: 2 });

    expect(await outcome).toMatchObject({ condition: 'RetriesExhausted', errorMessage: 'last' });
    expect(attempts.map(({ attempt }) => attempt)).toEqual([3]);
  });

  it('are over when the environment has ended during the last one', async () => {
    const { outcome, attempts } = start([], { attempts: 3 });

    expect(await outcome).toMatchObject({
      condition: 'RetriesExhausted',
      errorMessage: 'The environment ended during attempt 3 of the job',
    });
    expect(attempts).toEqual([]);
  });

  it('do not begin when the job is too old', async () => {
    const { outcome } = start([], { acceptedAt: Date.now() - 61_000 });

    expect(await outcome).toMatchObject({ condition: 'EventAgeExceeded' });
  });

  it('end at the deadline, when the handler is killed', async () => {
    const { outcome } = start([], {}, { abortMs: 10, killMs: 30 });

    expect(await outcome).toMatchObject({
      condition: 'DeadlineExceeded',
      errorType: 'Runtime.ExitError',
    });
  });

  it('end at shutdown, also in the pause before the next one', async () => {
    const pause = { errorType: 'RetryAfterError', retryAfterMs: 5_000 };
    const { outcome, attempts, limits } = start([failure(pause)]);
    await new Promise(setImmediate);

    limits.shutdown(Date.now() + 1_000);

    expect(await outcome).toMatchObject({
      condition: 'EnvironmentShutdown',
      errorType: 'RetryAfterError',
    });
    expect(attempts).toHaveLength(1);
  });
});
