import { describe, expect, it, onTestFinished } from 'vitest';
import { type AttemptResult, HandlerLoadError } from '../../src/handler-process/handler-process.ts';
import { attemptUntilDone } from '../../src/jobs/attempts.ts';
import type { Job } from '../../src/jobs/job.ts';
import { TimeLimits } from '../../src/jobs/time-limits.ts';
import { budgetOf, failure, SUCCESS, scriptedHandler } from '../support/jobs.ts';
import { logFolder } from '../support/log-folder.ts';
import { memoryLog } from '../support/memory-log.ts';

function start(
  results: AttemptResult[],
  {
    facts = {},
    times = {},
    wantsResult = true,
    load,
  }: {
    facts?: Partial<Job>;
    times?: object;
    wantsResult?: boolean;
    load?: () => Promise<void>;
  } = {},
) {
  const { client, logs, open } = logFolder();
  const entry = logs.find(client().append());
  if (!entry) throw new Error('no entry');
  const job: Job = { ...entry.head, attempts: 0, waitedMs: 0, entry, ...facts };
  const { handlerProcess, attempts, calls } = scriptedHandler(results, load);
  const { log, lines } = memoryLog();
  const budget = budgetOf(times);
  const limits = new TimeLimits(budget, 'deadline');
  const progress: string[] = [];
  onTestFinished(() => limits.clear());
  const policy = { maxRetryAttempts: 2, maxEventAgeMs: 60_000 };
  const outcome = attemptUntilDone(job, budget, limits, {
    handlerProcess,
    policy,
    wantsResult,
    onProgress: (change) => progress.push(change.status),
    log,
  });
  const countedAttempts = () => [...open().recover()].map(({ head }) => head.attempts);
  return { outcome, attempts, calls, lines, limits, budget, countedAttempts, progress };
}

function loadError() {
  return new HandlerLoadError({
    handler: 'work.handler',
    errorType: 'Runtime.ImportModuleError',
    errorMessage: 'it is not there',
    stackTrace: [],
  });
}

describe('the attempts of a job', () => {
  it('are counted in the log before they begin, and end with the first success', async () => {
    const { outcome, attempts, countedAttempts } = start([failure(), SUCCESS]);

    expect(await outcome).toEqual({ condition: 'Success', result: '"done"' });
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(countedAttempts()).toEqual([2]);
  });

  it('report their progress, when each begins and before the next one', async () => {
    const { outcome, progress } = start([failure(), SUCCESS]);
    await outcome;

    expect(progress).toEqual(['running', 'retrying', 'running']);
  });

  it('have the times of the invocation, and are told whether anybody wants the result', async () => {
    const { outcome, attempts, budget } = start([SUCCESS], { wantsResult: false });
    await outcome;

    expect(attempts).toMatchObject([
      {
        deadlineMs: budget.abortAtMs,
        killAtMs: budget.killAtMs,
        functionDeadlineMs: budget.functionDeadlineMs,
        wantsResult: false,
      },
    ]);
  });

  it('that fail and are repeated are one WARN line each, with the job, the attempt and the stack', async () => {
    const stackTrace = ['TypeError: no', '    at handler (/var/task/work.js:3:1)'];
    const { outcome, lines } = start([failure({ errorType: 'TypeError', stackTrace }), SUCCESS]);
    await outcome;

    expect(lines).toEqual([
      {
        level: 'WARN',
        message: expect.stringMatching(/^attempt 1 failed; the next one starts in \d+ ms$/),
        fields: {
          requestId: 'r1',
          jobId: 'r1.1',
          attempt: 1,
          errorType: 'TypeError',
          errorMessage: 'no',
          stackTrace,
        },
      },
    ]);
  });

  it('that fail permanently write no line: that is the part of the settlement', async () => {
    const { outcome, lines } = start([failure({ errorType: 'NonRetriableError' })]);

    expect(await outcome).toMatchObject({ condition: 'RetriesExhausted' });
    expect(lines).toEqual([]);
  });

  it('are counted on from where an earlier extension was', async () => {
    const last = failure({ errorMessage: 'last' });
    const { outcome, attempts } = start([last], { facts: { attempts: 2 } });

    expect(await outcome).toMatchObject({ condition: 'RetriesExhausted', errorMessage: 'last' });
    expect(attempts.map(({ attempt }) => attempt)).toEqual([3]);
  });

  it('are over when the environment has ended during the last one', async () => {
    const { outcome, attempts } = start([], { facts: { attempts: 3 } });

    expect(await outcome).toMatchObject({
      condition: 'RetriesExhausted',
      errorMessage: 'The environment ended during attempt 3 of the job',
    });
    expect(attempts).toEqual([]);
  });

  it('do not begin when the job is too old', async () => {
    const { outcome } = start([], { facts: { acceptedAt: Date.now() - 61_000 } });

    expect(await outcome).toMatchObject({ condition: 'EventAgeExceeded' });
  });

  it('end at the deadline, when the handler is killed', async () => {
    const { outcome } = start([], { times: { abortMs: 10, killMs: 30 } });

    expect(await outcome).toMatchObject({
      condition: 'DeadlineExceeded',
      errorType: 'Runtime.ExitError',
    });
  });

  it('wait until the handler has loaded', async () => {
    const { outcome, calls } = start([SUCCESS], { load: async () => {} });

    expect(await outcome).toMatchObject({ condition: 'Success' });
    expect(calls).toEqual(['ready']);
  });

  it('have not begun, and are not counted, when the handler still loads shortly before the deadline', async () => {
    const { outcome, attempts, countedAttempts } = start([SUCCESS], {
      times: { loadMs: 20 },
      load: () => new Promise(() => {}),
    });

    expect(await outcome).toBe(undefined);
    expect(attempts).toEqual([]);
    expect(countedAttempts()).toEqual([0]);
  });

  it('are over at the deadline when the handler has had its fair time to load', async () => {
    const { outcome, attempts } = start([SUCCESS], {
      times: { loadMs: 30, abortMs: 40, fairLoadMs: 20 },
      load: () => new Promise(() => {}),
    });

    expect(await outcome).toMatchObject({ condition: 'DeadlineExceeded' });
    expect(attempts).toEqual([]);
  });

  it('do not begin to load the handler when there is no time for it', async () => {
    const { outcome, calls } = start([SUCCESS], { times: { loadMs: 0 }, load: async () => {} });

    expect(await outcome).toBe(undefined);
    expect(calls).toEqual([]);
  });

  it('begin however little time there is where the handler has loaded', async () => {
    const { outcome } = start([SUCCESS], { times: { loadMs: 0 } });

    expect(await outcome).toMatchObject({ condition: 'Success' });
  });

  it('are counted, and fail with the reason, when the handler cannot be loaded', async () => {
    const { outcome, attempts, countedAttempts } = start([SUCCESS], {
      load: () => Promise.reject(loadError()),
    });

    expect(await outcome).toMatchObject({
      condition: 'RetriesExhausted',
      errorType: 'Runtime.ImportModuleError',
      errorMessage: 'it is not there',
    });
    expect(attempts).toEqual([]);
    expect(countedAttempts()).toEqual([3]);
  });

  it('end at shutdown, also in the pause before the next one', async () => {
    const pause = failure({ errorType: 'RetryAfterError', retryAfterMs: 5_000 });
    const { outcome, attempts, limits } = start([pause]);
    await new Promise(setImmediate);

    limits.shutdown(Date.now() + 1_000);

    expect(await outcome).toMatchObject({
      condition: 'EnvironmentShutdown',
      errorType: 'RetryAfterError',
    });
    expect(attempts).toHaveLength(1);
  });
});
