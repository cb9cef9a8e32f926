import { describe, expect, it } from 'vitest';
import { viewOf } from '../../page/state/add-entry.ts';
import { boundHistory } from '../../page/state/bounds.ts';
import { filterRows } from '../../page/state/filter-rows.ts';
import { attemptsOf } from '../../page/state/jobs.ts';
import { lanesOf } from '../../page/state/lanes.ts';
import { fateOf } from '../../page/state/message-fate.ts';
import type { PageEntry } from '../../page/state/page-event.ts';
import {
  hasFailed,
  isCold,
  replyMs,
  rowState,
  rowStatus,
  rowTitle,
} from '../../page/state/request-times.ts';
import { verdict } from '../../page/state/verdict.ts';
import type { Row, View } from '../../page/state/view.ts';
import { BAD_MESSAGE, FIRST_BATCH, GOOD_MESSAGE, QUEUE_MS, queueRun } from './queue-run.ts';
import { Script } from './script.ts';

const START = 1_000_000;
const NOW = START + QUEUE_MS;

const until = (ms: number) => queueRun(START).filter(({ event }) => event.at < START + ms);

function rowAt(view: View, index: number): Row {
  const row = view.rows[index];
  if (!row) throw new Error(`no row ${index}`);
  return row;
}

describe('a batch of a queue', () => {
  const view = viewOf(queueRun(START));
  const first = rowAt(view, 0);

  it('is a row, with the run of its function', () => {
    expect(view.rows).toHaveLength(2);
    expect(rowTitle(first)).toEqual({ method: 'queue', target: 'Jobs' });
    expect(first.run?.requestId).toBe(FIRST_BATCH);
    expect(isCold(first)).toBe(true);
  });

  it('says how many of its messages have failed', () => {
    expect(rowStatus(first)).toBe('1 of 2 failed');
    expect(hasFailed(first)).toBe(true);
    expect(verdict(view, first, NOW)[0]).toMatchObject({
      title: 'The queue had the result after',
      figure: '160 ms',
      text: '2 messages, at most 10; 1 failed, 114 ms of it cold start',
    });
  });

  it('waits for its function from when it was fetched', () => {
    const early = rowAt(viewOf(until(100)), 0);
    expect(rowState(early)).toBe('waiting');
    expect(replyMs(early, START + 100)).toBe(100);
  });

  it('has a lane for the queue', () => {
    expect(lanesOf(view, first, NOW)[0]).toMatchObject({ name: 'queue', detail: '2 messages' });
  });

  it('is found by the id of a message', () => {
    expect(filterRows(view, 'all', BAD_MESSAGE)).toHaveLength(2);
    expect(filterRows(view, 'all', GOOD_MESSAGE)).toEqual([first]);
  });

  it('is never mixed up with an HTTP request that waits for the same function', () => {
    const script = new Script(START);
    const number = script.http(0, 'GET', '/jobs', 'worker');
    const entries: PageEntry[] = [...script.entries, ...queueRun(START + 1)];
    const on = script.environment('worker', 'w2');
    on(QUEUE_MS, { type: 'invoke.start', requestId: 'other' });
    script.replied(QUEUE_MS + 5, number, 200, 5, 'other');
    entries.push(...script.entries.slice(1));
    const both = viewOf(entries.map(({ event }, seq) => ({ seq, event })));
    expect(both.rows.map(({ run }) => run?.requestId)).toEqual([
      'other',
      FIRST_BATCH,
      expect.any(String),
    ]);
  });

  it('is forgotten with its row', () => {
    const forgetful = viewOf(queueRun(START));
    boundHistory(forgetful, {
      rows: -198,
      lines: 1,
      characters: 1,
      jobs: 0,
      environments: 1,
      lost: 1,
    });
    expect(forgetful.rows).toHaveLength(0);
    expect(forgetful.deliveries.size).toBe(0);
    expect(forgetful.jobsByRequestId.size).toBe(0);
  });
});

describe('a message of a batch', () => {
  const fates = (view: View, index: number, messageId: string, receiveCount: number) =>
    fateOf(view, rowAt(view, index), messageId, receiveCount);
  const view = viewOf(queueRun(START));

  it('is in work until the batch has ended', () => {
    expect(fates(viewOf(until(160)), 0, GOOD_MESSAGE, 1)).toMatchObject({ words: 'in work' });
  });

  it('that is done is deleted', () => {
    expect(fates(view, 0, GOOD_MESSAGE, 1)).toEqual({ words: 'done, deleted', tone: 'good' });
  });

  it('that failed is expected back after the visibility timeout, and links to the batch in which it came back', () => {
    expect(fates(viewOf(until(1_000)), 0, BAD_MESSAGE, 1)).toEqual({
      words: 'failed, comes back',
      tone: 'bad',
      at: START + 1_000,
    });
    expect(fates(view, 0, BAD_MESSAGE, 1)).toMatchObject({
      words: 'failed, came back',
      next: { key: '2' },
    });
  });

  it('that failed for the last time goes to the dead-letter queue, and links to it', () => {
    expect(fates(viewOf(until(2_000)), 1, BAD_MESSAGE, 2)).toMatchObject({
      words: 'failed, goes to DeadJobs',
      at: START + 2_200,
    });
    expect(fates(view, 1, BAD_MESSAGE, 2)).toMatchObject({
      words: 'failed, went to DeadJobs',
      next: { place: 'DeadJobs' },
    });
  });
});

describe('a record at a destination', () => {
  it('belongs to the job that it records, and the job to it', () => {
    const view = viewOf(queueRun(START));
    const job = view.jobs.get(`worker ${FIRST_BATCH}.1`);
    expect(job?.record).toMatchObject({ place: 'FailedReports' });
    expect(job?.record?.job).toBe(job);
    const lane = lanesOf(view, rowAt(view, 0), NOW).find(({ key }) => key === job?.key);
    expect(lane?.bars.at(-1)).toMatchObject({ label: '→ FailedReports', from: START + 420 });
  });

  it('belongs to none when it could be that of two', () => {
    const entries = queueRun(START);
    const index = entries.findIndex(({ event }) => event.type === 'job.ended');
    const ended = entries[index]?.event;
    if (ended?.type !== 'job.ended') throw new Error('no job');
    const twin = { ...ended, jobId: `${FIRST_BATCH}.2` };
    entries.splice(index, 0, { seq: 0, event: twin });
    const view = viewOf(entries.map(({ event }, seq) => ({ seq, event })));
    expect([...view.messages.values()][0]).toMatchObject({ place: 'FailedReports' });
    expect([...view.messages.values()][0]?.job).toBeUndefined();
  });
});

describe('a job that a queue has brought', () => {
  /** Handed off by a request of another function. */
  function brought(): View {
    const script = new Script(START);
    const number = script.http(0, 'POST', '/orders', 'orders');
    const api = script.environment('orders', 'e1');
    script.coldStart('orders', 'e1', 1, 20);
    api(21, { type: 'invoke.start', requestId: 'handed' });
    script.replied(30, number, 202, 30, 'handed');
    const entries = [...script.entries, ...queueRun(START + 50)];
    const at = START + 300;
    const ended = {
      at,
      functionName: 'worker',
      environmentId: 'w1',
      type: 'job.ended',
      jobId: 'handed.1',
      requestId: 'handed',
      during: FIRST_BATCH,
      status: 'succeeded',
      attempts: 2,
      durationMs: 280,
    } as const;
    entries.push({ seq: 0, event: ended });
    entries.sort((one, other) => one.event.at - other.event.at);
    return viewOf(entries.map(({ event }, seq) => ({ seq, event })));
  }
  const view = brought();
  const job = view.jobs.get('worker handed.1');

  it('is started by its batch, and listed with both', () => {
    expect(job).toMatchObject({ requestId: 'handed', startedBy: FIRST_BATCH });
    const rows = view.rows.filter(({ run }) => job && run?.jobs.includes(job));
    expect(rows.map((row) => rowTitle(row).target)).toEqual(['/orders', 'Jobs']);
  });

  it('has the attempts of its log line, and a lane from the start of the batch', () => {
    expect(job && attemptsOf(job)).toBe(2);
    const lane = lanesOf(view, rowAt(view, 1), NOW).find(({ key }) => key === job?.key);
    expect(lane?.bars.map(({ title, from }) => [title, from - START])).toEqual([
      ['Waits for its attempt, 150 ms', 20],
      ['Job succeeded, 130 ms', 170],
    ]);
  });

  it('is not started by another request when it runs in the environment that handed it off', () => {
    const script = new Script(START);
    script.coldStart('orders', 'e1', 0, 20);
    const on = script.environment('orders', 'e1');
    on(21, { type: 'invoke.start', requestId: 'one' });
    on(30, { type: 'invoke.start', requestId: 'two' });
    on(31, { type: 'job.accepted', jobId: 'one.1', requestId: 'one', during: 'two' });
    expect(viewOf(script.entries).jobs.get('orders one.1')?.startedBy).toBeUndefined();
  });
});
