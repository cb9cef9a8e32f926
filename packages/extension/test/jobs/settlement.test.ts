import { describe, expect, it, onTestFinished } from 'vitest';
import type { AbortReason } from '../../src/handler-process/handler-process.ts';
import type { Job } from '../../src/jobs/job.ts';
import { settle } from '../../src/jobs/settlement.ts';
import { TimeLimits } from '../../src/jobs/time-limits.ts';
import { createLog } from '../../src/output/log.ts';
import type { Outcome } from '../../src/records/outcome.ts';
import { budgetOf, destination } from '../support/jobs.ts';
import { logFolder } from '../support/log-folder.ts';
import { memoryLog } from '../support/memory-log.ts';

const FAILED: Outcome = {
  condition: 'RetriesExhausted',
  errorType: 'Error',
  errorMessage: 'no',
  stackTrace: [],
};
const ENDING: Outcome = { ...FAILED, condition: 'EnvironmentShutdown' };
const SUCCEEDED: Outcome = { condition: 'Success', result: '1' };

const nowhere = { onSuccess: undefined, onFailure: undefined };

function limitsOf(times: Parameters<typeof budgetOf>[0] = {}, reason: AbortReason = 'deadline') {
  const limits = new TimeLimits(budgetOf(times), reason);
  onTestFinished(() => limits.clear());
  return limits;
}

function jobInLog(facts: Partial<Job> = {}) {
  const { client, logs, open } = logFolder();
  const entry = logs.find(client().append());
  if (!entry) throw new Error('no entry');
  const job: Job = { ...entry.head, waitedMs: 0, entry, ...facts };
  return {
    job,
    /** What an extension after this one would find. */
    left: () => [...open().recover()].map(({ head }) => head.state),
  };
}

describe('a job that has ended', () => {
  it.each([
    [SUCCEEDED, 'INFO', 'job succeeded'],
    [FAILED, 'LAST RESORT', 'job failed'],
  ])('is one line, and not left in the log: $condition', async (outcome, level, message) => {
    const { job, left } = jobInLog();
    const { log, lines } = memoryLog();

    expect(await settle(job, outcome, nowhere, limitsOf(), log)).toBe('settled');

    expect(left()).toEqual([]);
    expect(lines).toMatchObject([{ level, message, fields: { jobId: 'r1.1', attempts: 0 } }]);
  });

  it('has its line, and its outcome in the log, before anything is sent', async () => {
    const { job, left } = jobInLog();
    const { log, lines } = memoryLog();
    const { destination: onFailure, records } = destination();
    let before: unknown;
    const watched = {
      ...onFailure,
      send: (...parameters: Parameters<typeof onFailure.send>) => {
        before = { lines: lines.map(({ message }) => message), left: left() };
        return onFailure.send(...parameters);
      },
    };

    await settle(job, FAILED, { ...nowhere, onFailure: watched }, limitsOf(), log);

    expect(before).toEqual({ lines: ['job failed'], left: ['ended'] });
    expect(records.map(({ json }) => JSON.parse(json).requestPayload)).toEqual([{ order: 7 }]);
    expect(left()).toEqual([]);
  });

  it('has its line at whatever log level, since nothing else may be left of it', async () => {
    const { job } = jobInLog();
    const written: string[] = [];
    const log = createLog({ format: 'JSON', level: 'FATAL', write: (line) => written.push(line) });

    await settle(job, FAILED, nowhere, limitsOf(), log);

    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'ERROR', message: '[async-http] job failed', jobId: 'r1.1' },
    ]);
  });

  it('stays in the log when the environment ends and there is nowhere to record it', async () => {
    const { job, left } = jobInLog();
    const { log, lines } = memoryLog();

    expect(await settle(job, ENDING, nowhere, limitsOf({}, 'shutdown'), log)).toBe('left');

    expect(left()).toEqual(['open']);
    expect(lines).toMatchObject([
      {
        level: 'LAST RESORT',
        message: expect.stringContaining('set ASYNC_HTTP_ON_FAILURE to be sure'),
      },
    ]);
  });
});

describe('a record that could not be delivered in time', () => {
  const down = () => destination('ASYNC_HTTP_DESTINATION_UNREACHABLE');

  it('is kept for the next invocation, with a warning', async () => {
    const { job, left } = jobInLog();
    const { log, levels } = memoryLog();
    const destinations = { ...nowhere, onFailure: down().destination };

    expect(await settle(job, FAILED, destinations, limitsOf({ releaseMs: 20 }), log)).toBe(
      'unsent',
    );

    expect(left()).toEqual(['ended']);
    expect(levels()).toEqual(['LAST RESORT', 'WARN']);
  });

  it('is not tried where it could not be there in time, and would be sent twice', async () => {
    const { job, left } = jobInLog();
    const { log, levels } = memoryLog();
    const { destination: onFailure, tries } = destination();

    const settlement = settle(
      job,
      FAILED,
      { ...nowhere, onFailure },
      limitsOf({ beginSendMs: 0 }),
      log,
    );

    expect(await settlement).toBe('unsent');
    expect(tries).toEqual([]);
    expect(left()).toEqual(['ended']);
    expect(levels()).toEqual(['LAST RESORT', 'WARN']);
  });

  it('gets one try of the next hold, and is then logged in full', async () => {
    const { job, left } = jobInLog({ outcome: FAILED });
    const { log, lines } = memoryLog();
    const { destination: onFailure, tries } = down();

    const settlement = await settle(
      job,
      FAILED,
      { ...nowhere, onFailure },
      limitsOf({ releaseMs: 20 }),
      log,
    );

    expect(settlement).toBe('settled');
    expect(tries).toEqual([1]);
    expect(left()).toEqual([]);
    expect(lines).toMatchObject([
      { level: 'LAST RESORT', fields: { record: { requestPayload: { order: 7 } } } },
    ]);
  });

  it('is both logged in full and left in the log when the environment ends', async () => {
    const { job, left } = jobInLog();
    const { log, lines } = memoryLog();
    const destinations = { ...nowhere, onFailure: down().destination };
    const limits = limitsOf({ releaseMs: 20 }, 'shutdown');

    expect(await settle(job, FAILED, destinations, limits, log)).toBe('left');

    expect(left()).toEqual(['ended']);
    expect(lines).toMatchObject([
      { message: 'job failed' },
      { level: 'LAST RESORT', fields: { record: expect.anything() } },
    ]);
  });

  it('is logged in full at once when waiting would not help', async () => {
    const { job, left } = jobInLog();
    const { log, lines } = memoryLog();
    const { destination: onFailure } = destination('ASYNC_HTTP_DESTINATION_DENIED');

    expect(await settle(job, FAILED, { ...nowhere, onFailure }, limitsOf(), log)).toBe('settled');

    expect(left()).toEqual([]);
    expect(lines).toMatchObject([
      { message: 'job failed' },
      { level: 'LAST RESORT', fields: { record: expect.anything() } },
    ]);
  });
});
