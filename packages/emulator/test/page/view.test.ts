import { describe, expect, it } from 'vitest';
import { viewOf } from '../../page/state/add-entry.ts';
import { jobMs } from '../../page/state/jobs.ts';
import {
  hasFailed,
  isCold,
  replyMs,
  rowEnvironment,
  rowState,
  tailMs,
} from '../../page/state/request-times.ts';
import type { Row, View } from '../../page/state/view.ts';
import { Script } from './script.ts';
import { ORDER, ORDERS_ENVIRONMENT, SHOP_MS, shopRun } from './shop-run.ts';

const START = 1_000_000;

function rowAt(view: View, index: number): Row {
  const row = view.rows[index];
  if (!row) throw new Error(`no row ${index}`);
  return row;
}

/** One environment that is ready, and runs of it. */
function ready(): Script {
  const script = new Script(START);
  script.coldStart('orders', 'e1', 0, 100);
  return script;
}

describe('a request', () => {
  const view = viewOf(shopRun(START));
  const order = rowAt(view, 0);

  it('is one row, from HTTP to the end of its run', () => {
    expect(view.rows).toHaveLength(4);
    expect(order.exchange).toMatchObject({ method: 'POST', target: '/orders', statusCode: 202 });
    expect(order.run).toMatchObject({ requestId: ORDER, status: 'success' });
  });

  it('has the time until the caller had the reply, and the tail', () => {
    expect(replyMs(order, START)).toBe(204);
    expect(tailMs(order, START)).toBe(1_904);
  });

  it('is cold when its environment was started for it', () => {
    expect(view.rows.map(isCold)).toEqual([true, false, false, true]);
  });

  it('has its environment and the figures of its REPORT line', () => {
    expect(rowEnvironment(view, order)?.name).toBe('orders·1');
    expect(order.run?.report).toMatchObject({ billedMs: 2_103, memoryMb: 512, initMs: 114.02 });
  });

  it('counts up while it runs', () => {
    const report = rowAt(view, 3);
    expect(rowState(report)).toBe('tail');
    expect(tailMs(report, START + SHOP_MS)).toBe(SHOP_MS - 48_260);
  });

  it('counts up while no environment has it', () => {
    const script = new Script(START);
    script.http(0, 'GET', '/', 'orders');
    const row = rowAt(viewOf(script.entries), 0);
    expect(rowState(row)).toBe('waiting');
    expect(replyMs(row, START + 70)).toBe(70);
  });

  it('has failed when the function threw', () => {
    const script = ready();
    const on = script.environment('orders', 'e1');
    on(101, { type: 'invoke.start', requestId: 'r' });
    on(102, {
      type: 'response',
      requestId: 'r',
      durationMs: 1,
      bytes: 1,
      functionError: 'Unhandled',
    });
    expect(hasFailed(rowAt(viewOf(script.entries), 0))).toBe(true);
  });

  it('has the run that its response names, when several of one function run at once', () => {
    const script = new Script(START);
    script.coldStart('orders', 'e1', 0, 5);
    script.coldStart('orders', 'e2', 0, 5);
    const first = script.http(10, 'GET', '/first', 'orders');
    const second = script.http(11, 'GET', '/second', 'orders');
    script.environment('orders', 'e2')(12, { type: 'invoke.start', requestId: 'of second' });
    script.environment('orders', 'e1')(13, { type: 'invoke.start', requestId: 'of first' });
    script.replied(20, second, 200, 9, 'of second');
    script.replied(21, first, 200, 11, 'of first');
    const view = viewOf(script.entries);
    expect(view.rows.map(({ exchange, run }) => [exchange?.target, run?.requestId])).toEqual([
      ['/first', 'of first'],
      ['/second', 'of second'],
    ]);
    expect([...(view.environments.get('e1')?.running ?? [])]).toEqual([view.rows[0]?.run]);
  });

  it('without HTTP is a row too', () => {
    const script = ready();
    script.environment('orders', 'e1')(101, { type: 'invoke.start', requestId: 'r' });
    expect(rowAt(viewOf(script.entries), 0).exchange).toBeUndefined();
  });
});

describe('an environment', () => {
  const phasesOf = (script: Script) =>
    viewOf(script.entries)
      .environments.get('e1')
      ?.phases.map(({ kind }) => kind);

  it('goes from INIT over reply and tail to frozen, thaws, and ends', () => {
    const script = ready();
    const on = script.environment('orders', 'e1');
    on(101, { type: 'invoke.start', requestId: 'r' });
    on(110, { type: 'response', requestId: 'r', durationMs: 9, bytes: 1 });
    on(120, { type: 'invoke.end', requestId: 'r', durationMs: 19, tailMs: 10, status: 'success' });
    on(121, { type: 'frozen' });
    on(200, { type: 'thawed' });
    on(200, { type: 'shutdown.start', reason: 'spindown' });
    on(210, { type: 'shutdown.done' });
    expect(phasesOf(script)).toEqual([
      'init',
      'idle',
      'reply',
      'tail',
      'idle',
      'frozen',
      'idle',
      'shutdown',
    ]);
    expect(viewOf(script.entries).environments.get('e1')?.endedAt).toBe(START + 210);
  });

  it('is alive again after a reset', () => {
    const script = ready();
    const on = script.environment('orders', 'e1');
    on(101, { type: 'shutdown.start', reason: 'failure' });
    on(102, { type: 'shutdown.done' });
    on(103, { type: 'environment.starting', cause: 'reset' });
    expect(viewOf(script.entries).environments.get('e1')?.endedAt).toBeUndefined();
  });

  it('has flags for crashes, timeouts and what a person did', () => {
    const script = ready();
    const on = script.environment('orders', 'e1');
    on(101, { type: 'crash', process: 'runtime', errorType: 'Runtime.ExitError' });
    on(102, { type: 'timeout' });
    on(103, { type: 'action', text: 'freeze' });
    const marks = viewOf(script.entries).environments.get('e1')?.marks;
    expect(marks?.map(({ text }) => text)).toEqual([
      'runtime: Runtime.ExitError',
      'The function timed out',
      'freeze',
    ]);
  });
});

describe('a job', () => {
  const view = viewOf(shopRun(START));

  it('has its attempts, with the error of each that failed', () => {
    const job = view.jobs.get(`orders ${ORDER}.1`);
    expect(job).toMatchObject({ state: 'succeeded', durationMs: 1_872 });
    expect(job?.attempts.map(({ number, error }) => [number, error?.type])).toEqual([
      [1, 'SmtpError'],
      [2, undefined],
    ]);
  });

  it('took as long as its log line says, counted from the hand-off', () => {
    const script = ready();
    const on = script.environment('orders', 'e1');
    const job = { jobId: 'r.1', requestId: 'r' };
    // The extension had to load before it could say so.
    on(500, { type: 'job.accepted', ...job });
    on(500, { type: 'job.attempt', attempt: 1, ...job });
    on(900, { type: 'job.ended', status: 'succeeded', durationMs: 750, ...job });
    const ended = viewOf(script.entries).jobs.get('orders r.1');
    expect(ended && jobMs(ended, START + 5_000)).toBe(750);
    expect(ended?.acceptedAt).toBe(START + 150);
  });

  it('belongs to the request that handed it off', () => {
    expect(rowAt(view, 0).run?.jobs).toEqual([view.jobs.get(`orders ${ORDER}.1`)]);
  });

  it('says when its next attempt comes', () => {
    const until = shopRun(START).filter(({ event }) => event.at < START + 1_412);
    const job = viewOf(until).jobs.get(`orders ${ORDER}.1`);
    expect(job).toMatchObject({ state: 'waiting', nextAttemptAt: START + 1_412 });
  });

  it('keeps its attempts when another environment takes it over', () => {
    const script = ready();
    const job = { jobId: 'r.1', requestId: 'r' };
    script.environment('orders', 'e1')(101, { type: 'job.attempt', attempt: 1, ...job });
    script.environment('orders', 'e2')(900, { type: 'job.attempt', attempt: 2, ...job });
    const view = viewOf(script.entries);
    expect(view.jobs.get('orders r.1')).toMatchObject({ environmentId: 'e2' });
    expect(view.environments.get('e1')?.openJobs.size).toBe(0);
    expect(view.environments.get('e2')?.openJobs.size).toBe(1);
  });
});

it('an entry that has been seen counts once', () => {
  const entries = shopRun(START);
  const view = viewOf([...entries, ...entries]);
  expect(view.rows).toHaveLength(4);
  expect(view.environments.get(ORDERS_ENVIRONMENT)?.requests).toBe(3);
});

it('a page that has lost the beginning shows the rest', () => {
  const view = viewOf(shopRun(START).filter(({ event }) => event.at > START + 130));
  expect(view.rows).toHaveLength(3);
  expect(view.environments.get(ORDERS_ENVIRONMENT)?.phases.at(-1)?.kind).toBe('frozen');
});
