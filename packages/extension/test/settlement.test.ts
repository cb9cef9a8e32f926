import { describe, expect, it, onTestFinished } from 'vitest';
import type { AbortReason } from '../src/handler-process/handler-process.ts';
import type { Outcome } from '../src/invocation-record.ts';
import { settle } from '../src/settlement.ts';
import { TimeLimits } from '../src/time-limits.ts';
import { budgetOf, destination, jobWithNotes, memoryLog } from './support/jobs.ts';

const FAILED: Outcome = {
  condition: 'RetriesExhausted',
  errorType: 'Error',
  errorMessage: 'no',
  stackTrace: [],
};
const ENDING: Outcome = { ...FAILED, condition: 'EnvironmentShutdown' };
const SUCCEEDED: Outcome = { condition: 'Success', result: '1' };

function limitsOf(times: { releaseMs?: number } = {}, reason: AbortReason = 'deadline') {
  const limits = new TimeLimits(budgetOf(times), reason);
  onTestFinished(() => limits.clear());
  return limits;
}

const nowhere = { onSuccess: undefined, onFailure: undefined };

describe('a job that has ended', () => {
  it.each([
    [SUCCEEDED, 'INFO', 'job succeeded'],
    [FAILED, 'ERROR', 'job failed'],
  ])(
    'is forgotten by the journal and told in one line: $condition',
    async (outcome, level, message) => {
      const { job, notes } = jobWithNotes();
      const { log, lines } = memoryLog();

      expect(await settle(job, outcome, nowhere, limitsOf(), log)).toBe('settled');

      expect(notes).toEqual(['removed']);
      expect(lines).toMatchObject([{ level, message, fields: { jobId: 'r1.1' } }]);
    },
  );

  it('has its outcome in the journal before anything is sent, and none after', async () => {
    const { job, notes } = jobWithNotes();
    const { destination: onFailure, records } = destination();

    await settle(job, FAILED, { ...nowhere, onFailure }, limitsOf(), memoryLog().log);

    expect(records).toHaveLength(1);
    expect(notes).toEqual(['outcome RetriesExhausted', 'removed']);
  });

  it('stays in the journal when the environment ends and there is nowhere to record it', async () => {
    const { job, notes } = jobWithNotes();

    const settlement = await settle(
      job,
      ENDING,
      nowhere,
      limitsOf({}, 'shutdown'),
      memoryLog().log,
    );

    expect(settlement).toBe('left');
    expect(notes).toEqual([]);
  });
});

describe('a record that finds no way out in time', () => {
  const { destination: onFailure } = destination('ASYNC_HTTP_DESTINATION_UNREACHABLE');
  const destinations = { ...nowhere, onFailure };

  it('is left to the next invocation, with a warning', async () => {
    const { job, notes } = jobWithNotes();
    const { log, lines } = memoryLog();

    const settlement = await settle(job, FAILED, destinations, limitsOf({ releaseMs: 20 }), log);

    expect(settlement).toBe('unsent');
    expect(notes).toEqual(['outcome RetriesExhausted']);
    expect(lines).toMatchObject([{ level: 'WARN' }]);
  });

  it('is the whole of one ERROR line the second time', async () => {
    const { job, notes } = jobWithNotes({ outcome: FAILED });
    const { log, lines } = memoryLog();

    const settlement = await settle(job, FAILED, destinations, limitsOf({ releaseMs: 20 }), log);

    expect(settlement).toBe('settled');
    expect(notes).toEqual(['removed']);
    expect(lines).toMatchObject([
      { level: 'ERROR', fields: { record: { requestPayload: { order: 7 } } } },
    ]);
  });

  it('is both in the log and in the journal when the environment ends', async () => {
    const { job, notes } = jobWithNotes();
    const { log, lines } = memoryLog();

    const settlement = await settle(
      job,
      FAILED,
      destinations,
      limitsOf({ releaseMs: 20 }, 'shutdown'),
      log,
    );

    expect(settlement).toBe('left');
    expect(notes).toEqual(['outcome RetriesExhausted']);
    expect(lines).toMatchObject([{ level: 'ERROR', fields: { record: expect.anything() } }]);
  });

  it('ends at once in the log when waiting is of no use', async () => {
    const { job, notes } = jobWithNotes();
    const { destination: denied } = destination('ASYNC_HTTP_DESTINATION_DENIED');
    const { log, lines } = memoryLog();

    await settle(job, FAILED, { ...nowhere, onFailure: denied }, limitsOf(), log);

    expect(notes).toEqual(['outcome RetriesExhausted', 'removed']);
    expect(lines).toMatchObject([{ level: 'ERROR', fields: { record: expect.anything() } }]);
  });
});
