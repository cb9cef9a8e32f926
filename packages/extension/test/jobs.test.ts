import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AttemptResult } from '../src/handler-process/handler-process.ts';
import type { HandOff } from '../src/inbox.ts';
import { Invocations } from '../src/invocations.ts';
import { Jobs } from '../src/jobs.ts';
import { Journal } from '../src/journal.ts';
import { Ledger } from '../src/ledger.ts';
import { destination, memoryLog, scriptedHandler } from './support/jobs.ts';

const SUCCESS: AttemptResult = { status: 'succeeded', result: '1' };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobs-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'journal');
}

/** The jobs of one extension process; the folder is what is left of the one before. */
function open({
  folder = newFolder(),
  results = [SUCCESS],
  ready = Promise.resolve(),
}: {
  folder?: string;
  results?: AttemptResult[];
  ready?: Promise<void>;
} = {}) {
  const { log, lines } = memoryLog();
  const { handlerProcess, attempts } = scriptedHandler(results);
  const { destination: onFailure, records } = destination();
  const invocations = new Invocations();
  const settled: string[] = [];
  const jobs = new Jobs({
    handlerProcess: { ...handlerProcess, ready: () => ready },
    problems: [],
    policy: { maxRetryAttempts: 2, maxEventAgeMs: 60_000 },
    destinations: { onSuccess: undefined, onFailure },
    journal: new Journal({ folder, log }),
    ledger: new Ledger(),
    invocations,
    onSettled: ({ condition }) => settled.push(condition),
    log,
  });
  return {
    jobs,
    invocations,
    attempts,
    records,
    settled,
    lines,
    inJournal: () => readdirSync(folder).length,
  };
}

function handOff(facts: Partial<HandOff> = {}): HandOff {
  return {
    requestId: 'r1',
    deadlineMs: Date.now() + 10_000,
    traceId: undefined,
    idempotencyKey: 'k1',
    body: Buffer.from('{"event":{"order":7},"context":{"awsRequestId":"r1"}}'),
    ...facts,
  };
}

/** The request is over before anything is handed off. */
async function afterItsRequest(invocations: Invocations): Promise<void> {
  const { released } = invocations.begin({ requestId: 'r1', deadlineMs: Date.now() + 10_000 });
  invocations.end('r1');
  await released;
}

describe('a job', () => {
  it('is in the journal when it is accepted, holds the environment, and leaves no trace', async () => {
    const { jobs, invocations, settled, inJournal } = open();
    const { released } = invocations.begin({ requestId: 'r1', deadlineMs: Date.now() + 10_000 });

    expect(await jobs.accept(handOff())).toEqual({ jobId: 'r1.1' });
    expect(inJournal()).toBe(1);
    invocations.end('r1');
    await released;

    expect(settled).toEqual(['Success']);
    expect(inJournal()).toBe(0);
  });

  it('runs once when its hand-off is repeated', async () => {
    const { jobs, invocations, attempts } = open();
    const { released } = invocations.begin({ requestId: 'r1', deadlineMs: Date.now() + 10_000 });

    const answers = await Promise.all([jobs.accept(handOff()), jobs.accept(handOff())]);
    invocations.end('r1');
    await released;

    expect(answers).toEqual([{ jobId: 'r1.1' }, { jobId: 'r1.1' }]);
    expect(attempts).toHaveLength(1);
  });
});

describe('a job that was handed off after its request was over', () => {
  it('holds nothing, and starts with the next invocation', async () => {
    const { jobs, invocations, attempts, settled } = open();
    await afterItsRequest(invocations);

    await jobs.accept(handOff());
    expect(attempts).toEqual([]);
    const close = invocations.open();
    const { budget, released } = invocations.begin({
      requestId: 'r2',
      deadlineMs: Date.now() + 10_000,
    });
    jobs.startPending(budget);
    close();
    invocations.end('r2');
    await released;

    expect(settled).toEqual(['Success']);
  });

  it('is at its failure destination when the environment ends before that', async () => {
    const { jobs, invocations, records, inJournal } = open();
    await afterItsRequest(invocations);
    await jobs.accept(handOff());

    await jobs.shutdown(Date.now() + 1_000);

    expect(records.map(({ json }) => JSON.parse(json).requestContext)).toMatchObject([
      { condition: 'EnvironmentShutdown', approximateInvokeCount: 0 },
    ]);
    expect(inJournal()).toBe(0);
  });

  it('is refused when the environment has ended while the handler was loading', async () => {
    const { promise: ready, resolve: loaded } = Promise.withResolvers<void>();
    const { jobs, invocations } = open({ ready });
    await afterItsRequest(invocations);

    const accepted = jobs.accept(handOff());
    await jobs.shutdown(Date.now() + 1_000);
    loaded();

    await expect(accepted).rejects.toMatchObject({ code: 'ASYNC_HTTP_SHUTTING_DOWN' });
  });
});

describe('what an earlier extension has left in the journal', () => {
  async function leave(folder: string): Promise<void> {
    const { jobs, invocations } = open({ folder, results: [] });
    invocations.begin({ requestId: 'r1', deadlineMs: Date.now() + 10_000 });
    await jobs.accept(handOff());
    // Its process has died: nothing more is heard of it.
  }

  it('goes on with the next invocation, and a repeated hand-off of it is answered', async () => {
    const folder = newFolder();
    await leave(folder);
    const { jobs, invocations, settled, inJournal } = open({ folder });
    jobs.recover();

    const close = invocations.open();
    const { budget, released } = invocations.begin({
      requestId: 'r2',
      deadlineMs: Date.now() + 10_000,
    });
    jobs.startPending(budget);
    close();
    expect(await jobs.accept(handOff())).toEqual({ jobId: 'r1.1' });
    invocations.end('r2');
    await released;

    expect(settled).toEqual(['Success']);
    expect(inJournal()).toBe(0);
  });

  it('goes on at once where nothing is ever frozen', async () => {
    const folder = newFolder();
    await leave(folder);
    const { jobs, invocations, settled } = open({ folder });
    invocations.neverFreezes();
    jobs.recover();

    jobs.startPendingUnfrozen();
    await expect.poll(() => settled).toEqual(['Success']);
  });
});
