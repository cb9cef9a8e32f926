import { createHash } from 'node:crypto';
import { openStore } from '@async-http/client/store';
import { startTable, type TableMood } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { Hold } from '../../src/hold/hold.ts';
import type { Outcome } from '../../src/records/outcome.ts';
import { JobStatuses, type KnownJob, type Progress } from '../../src/status/job-statuses.ts';
import { openStatuses } from '../../src/status/open-statuses.ts';
import { memoryLog } from '../support/memory-log.ts';

const SUCCESS = { condition: 'Success', result: '{"pages":3}' } as const;
const FAILURE: Outcome = {
  condition: 'RetriesExhausted',
  errorType: 'TypeError',
  errorMessage: 'no',
  stackTrace: [],
};
const error = { errorType: 'E', errorMessage: 'm' };
const keyHash = createHash('sha256').update('order-7').digest('hex');

function jobOf(facts: Partial<KnownJob> = {}): KnownJob {
  const now = Date.now();
  return { jobId: 'r1.a', acceptedAt: now, attempts: 1, deadlineMs: now + 10_000, ...facts };
}

async function start({ keepsResults = true } = {}) {
  const table = await startTable();
  const hold = new Hold({ maxMarginMs: 1_000 });
  const { log, lines } = memoryLog();
  const statuses = new JobStatuses({ env: table.env, keepsResults, hold, log });
  /** A request, of which only the writes are left. */
  const held = async (requestId = 'r1') => {
    const { released } = hold.begin({ requestId, deadlineMs: Date.now() + 20_000 });
    hold.end(requestId);
    await released;
  };
  const { store } = openStore(table.env, '');
  const claim = (jobId = 'r1.a') => {
    const now = Date.now();
    const times = { openUntilMs: now + 30_000, expiresAtMs: now + 60_000 };
    return store.claimKey(
      { keyHash, jobId, payloadHash: '', ...times },
      AbortSignal.timeout(5_000),
    );
  };
  return { table, statuses, lines, held, claim };
}

describe('the state of a job', () => {
  it('is written behind the reply, and the environment is held for it', async () => {
    const { table, statuses, held } = await start();
    statuses.note(jobOf({ acceptedAt: 1_000 }), { status: 'ended', outcome: SUCCESS });
    expect(table.requests).toEqual([]);

    await held();

    expect(await table.items()).toEqual([
      {
        id: 'job#r1.a',
        status: 'succeeded',
        attempt: 1,
        changedAt: expect.any(Number),
        acceptedAt: 1_000,
        endedAt: expect.any(Number),
        result: '{"pages":3}',
        expiresAt: expect.any(Number),
      },
    ]);
  });

  it('is written in order, and only the latest one of those that wait', async () => {
    const { table, statuses, held } = await start();
    statuses.note(jobOf({ attempts: 0 }), { status: 'accepted' });
    statuses.note(jobOf(), { status: 'running', untilMs: Date.now() });
    statuses.note(jobOf(), { status: 'retrying', error });
    statuses.note(jobOf({ attempts: 2 }), { status: 'running', untilMs: Date.now() });
    statuses.note(jobOf({ attempts: 2 }), { status: 'ended', outcome: FAILURE });

    await held();

    expect(table.requests.length).toBeLessThanOrEqual(2);
    expect(await table.items()).toMatchObject([
      { status: 'failed', attempt: 2, errorType: 'TypeError', startedAt: expect.any(Number) },
    ]);
  });

  it.each<[string, Progress, number | undefined]>([
    ['of its request while it waits', { status: 'accepted' }, 7_000],
    ['of the invocation that it runs in', { status: 'running', untilMs: 9_000 }, 9_000],
    ['of that one also between attempts', { status: 'retrying', error, untilMs: 9_000 }, 9_000],
    ['of no request when an engine has it', { status: 'accepted', isWithEngine: true }, undefined],
    ['of no request when an engine repeats it', { status: 'retrying', error }, undefined],
    ['of no request when it has ended', { status: 'ended', outcome: SUCCESS }, undefined],
  ])('has the deadline %s', async (_, progress, openUntil) => {
    const { table, statuses, held } = await start();
    statuses.note(jobOf({ deadlineMs: 7_000 }), progress);

    await held();

    expect((await table.items())[0]?.openUntil).toBe(openUntil);
  });

  it('is written also when its error is long, and cut within a character', async () => {
    const { table, statuses, held } = await start();
    const outcome = { ...FAILURE, errorMessage: `${'x'.repeat(1_023)}😀` };
    statuses.note(jobOf(), { status: 'ended', outcome });

    await held();

    expect((await table.items())[0]?.errorMessage).toBe(`${'x'.repeat(1_023)}\ufffd`);
  });

  it('has no result unless results are to be kept', async () => {
    const { table, statuses, held } = await start({ keepsResults: false });
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });

    await held();

    expect((await table.items())[0]).not.toHaveProperty('result');
  });

  it('notes that a result is too large for the table', async () => {
    const { table, statuses, held } = await start();
    const result = JSON.stringify('x'.repeat(400 * 1024));
    statuses.note(jobOf(), { status: 'ended', outcome: { condition: 'Success', result } });

    await held();

    const [item] = await table.items();
    expect(item).toMatchObject({
      status: 'succeeded',
      omitted: expect.stringMatching(/^The result has 409602 bytes of JSON/),
    });
    expect(item).not.toHaveProperty('result');
  });

  it('has a result up to the limit, which counts bytes', async () => {
    const { table, statuses, held } = await start();
    const resultOf = (count: number) => JSON.stringify('€'.repeat(count));
    const [fits, tooLarge] = [resultOf(119_466), resultOf(119_467)];
    for (const [jobId, result] of Object.entries({ fits, tooLarge })) {
      statuses.note(jobOf({ jobId }), { status: 'ended', outcome: { ...SUCCESS, result } });
    }

    await held();

    expect((await table.items('job#fits'))[0]?.result).toBe(fits);
    expect((await table.items('job#tooLarge'))[0]).not.toHaveProperty('result');
  });

  it('has no result when too many of them wait to be written', async () => {
    const { table, statuses, held } = await start();
    const result = JSON.stringify('x'.repeat(300_000));
    for (let n = 0; n < 40; n += 1) {
      const outcome: Outcome = { condition: 'Success', result };
      statuses.note(jobOf({ jobId: `r1.${n}` }), { status: 'ended', outcome });
    }

    await held();

    const items = await table.items('job#');
    expect(items).toHaveLength(40);
    expect(items.filter(({ omitted }) => omitted === undefined)).toHaveLength(28);
  });

  it('is written for thousands of jobs in one hold', async () => {
    const { table, statuses, held } = await start();
    for (let n = 0; n < 900; n += 1) {
      statuses.note(jobOf({ jobId: `r1.${n}` }), { status: 'ended', outcome: SUCCESS });
    }

    await held();

    expect(await table.items('job#')).toHaveLength(900);
  });
});

describe('a key', () => {
  it('stands for its job until it expires, when that has succeeded', async () => {
    const { table, statuses, held, claim } = await start();
    await claim();
    statuses.note(jobOf({ keyHash }), { status: 'ended', outcome: SUCCESS });

    await held();

    expect((await table.items('key#'))[0]).not.toHaveProperty('openUntil');
    expect(await claim('r2.b')).toMatchObject({ jobId: 'r1.a' });
  });

  it('is free when its job has failed', async () => {
    const { statuses, held, claim } = await start();
    await claim();
    statuses.note(jobOf({ keyHash }), { status: 'ended', outcome: FAILURE });

    await held();

    expect(await claim('r2.b')).toBeUndefined();
  });

  it('is free although the table does not take the state of its job', async () => {
    const { table, statuses, held, claim } = await start();
    await claim();
    table.mood = (response, pass, operation) => {
      if (operation !== 'PutItem') pass();
      else response.writeHead(400).end('{"__type":"x#ValidationException"}');
    };
    statuses.note(jobOf({ keyHash }), { status: 'ended', outcome: FAILURE });

    await held();

    expect(await table.items('key#')).toEqual([]);
  });

  it('is free when every second request is throttled', async () => {
    const { table, statuses, lines, held, claim } = await start();
    await claim();
    let requests = 0;
    table.mood = (response, pass) => {
      requests += 1;
      if (requests % 2) pass();
      else response.writeHead(400).end('{"__type":"x#ThrottlingException"}');
    };
    statuses.note(jobOf({ keyHash }), { status: 'ended', outcome: FAILURE });

    await held();

    expect(await table.items('key#')).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('is kept for a job that runs longer, also when its next state is written instead', async () => {
    const { table, statuses, held, claim } = await start();
    await claim();
    const untilMs = Date.now() + 600_000;
    statuses.note(jobOf({ keyHash }), { status: 'running', untilMs });
    statuses.note(jobOf({ keyHash }), {
      status: 'retrying',
      error: { errorType: 'E', errorMessage: '' },
      nextAttemptAt: untilMs,
    });

    await held();

    expect(await table.items('key#')).toMatchObject([{ openUntil: untilMs + 5_000 }]);
  });

  it('stands for its job until it expires, when an engine has that', async () => {
    const { table, statuses, held, claim } = await start();
    await claim();
    statuses.note(jobOf({ keyHash, attempts: 0 }), { status: 'accepted', isWithEngine: true });

    await held();

    expect((await table.items('key#'))[0]).not.toHaveProperty('openUntil');
  });

  it('stays that of a later job', async () => {
    const { table, statuses, held, claim } = await start();
    await claim('r2.b');
    statuses.note(jobOf({ keyHash }), { status: 'ended', outcome: FAILURE });

    await held();

    expect(await table.items('key#')).toMatchObject([{ jobId: 'r2.b' }]);
  });

  it('is kept for a job that runs in a later invocation', async () => {
    const { table, statuses, held, claim } = await start();
    await claim();
    const untilMs = Date.now() + 600_000;
    statuses.note(jobOf({ keyHash }), { status: 'running', untilMs });

    await held();

    expect(await table.items('key#')).toMatchObject([{ openUntil: untilMs + 5_000 }]);
  });
});

describe('a table that does not work', () => {
  it.each<TableMood>(['is down', 'throttles', 'does not answer'])(
    'and %s holds the environment for some seconds, and is written to in the next hold',
    async (mood) => {
      const { table, statuses, lines, held } = await start();
      table.mood = mood;
      statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });
      const began = performance.now();
      await held();
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(lines).toEqual([
        {
          level: 'WARN',
          message: expect.stringContaining('the states of jobs could not be written'),
          fields: { leftForTheNextInvocation: 1, dropped: 0 },
        },
      ]);

      table.mood = 'works';
      statuses.write();
      await held('r2');

      expect(await table.items()).toMatchObject([{ id: 'job#r1.a', status: 'succeeded' }]);
    },
  );

  it('gets one try in each hold while it stays down', async () => {
    const { table, statuses, held } = await start();
    table.mood = 'is down';
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });
    await held();
    const { length } = table.requests;

    statuses.write();
    await held('r2');

    expect(table.requests).toHaveLength(length + 1);
  });

  it('is written to again when it works, before the hold ends', async () => {
    const { table, statuses, lines, held } = await start();
    table.mood = 'throttles';
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });
    const ended = held();
    await expect.poll(() => table.requests.length, { interval: 5 }).toBeGreaterThan(1);
    table.mood = 'works';

    await ended;

    expect(lines).toEqual([]);
    expect(await table.items()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('that denies access is not waited for, and the line names what to do', async () => {
    const { table, statuses, lines, held } = await start();
    table.mood = 'denies';
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });

    await held();

    expect(table.requests).toHaveLength(1);
    expect(lines).toMatchObject([
      {
        level: 'WARN',
        message: expect.stringContaining("Allow the function's role dynamodb:GetItem"),
        fields: { dropped: 1 },
      },
    ]);
  });

  it('that refuses us has one line, however many jobs change', async () => {
    const { table, statuses, lines, held } = await start();
    table.mood = 'denies';

    for (let n = 0; n < 20; n += 1) {
      statuses.note(jobOf({ jobId: `r1.${n}` }), { status: 'ended', outcome: SUCCESS });
      await held(`r${n}`);
    }

    expect(table.requests).toHaveLength(20);
    expect(lines).toHaveLength(1);
  });

  it('and refuses one state has the others written', async () => {
    const { table, statuses, held } = await start();
    let requests = 0;
    table.mood = (response, pass) => {
      requests += 1;
      if (requests > 1) pass();
      else response.writeHead(400).end('{"__type":"x#ValidationException"}');
    };
    for (let n = 0; n < 40; n += 1) {
      statuses.note(jobOf({ jobId: `r1.${n}` }), { status: 'ended', outcome: SUCCESS });
    }

    await held();

    expect(await table.items('job#')).toHaveLength(39);
  });

  it('works again at the end of the environment: then the last state is written', async () => {
    const { table, statuses, lines } = await start();
    table.mood = 'does not answer';
    statuses.note(jobOf(), { status: 'running', untilMs: 0 });
    await expect.poll(() => table.requests.length, { interval: 5, timeout: 5_000 }).toBe(2);
    table.mood = 'works';
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });

    await statuses.shutdown(Date.now() + 5_000);

    expect(await table.items()).toMatchObject([{ status: 'succeeded' }]);
    expect(lines).toHaveLength(1);
  });

  it('is tried when the environment ends, and what is left is named', async () => {
    const { table, statuses, lines } = await start();
    table.mood = 'is down';
    statuses.note(jobOf(), { status: 'ended', outcome: SUCCESS });

    await statuses.shutdown(Date.now() + 3_000);

    expect(lines.at(-1)).toMatchObject({
      level: 'WARN',
      message: 'the states of jobs could not be written before the environment ended',
      fields: { jobIds: ['r1.a'], jobs: 1 },
    });
  });
});

describe('the variables of the store', () => {
  function open(env: NodeJS.ProcessEnv) {
    const { log, lines } = memoryLog();
    const hold = new Hold({ maxMarginMs: 1_000 });
    return { statuses: openStatuses({ env, hold, log }), lines };
  }

  it('may be missing: then nothing is written', () => {
    expect(open({})).toEqual({ statuses: undefined, lines: [] });
  });

  it('that name no table keep no job from running, and are reported', () => {
    expect(open({ ASYNC_HTTP_STORE: 'arn:aws:s3:::bucket' })).toEqual({
      statuses: undefined,
      lines: [
        {
          level: 'WARN',
          message: expect.stringContaining('must be the name or the ARN of a DynamoDB table'),
        },
      ],
    });
  });

  it('keep results only with the value "on"', () => {
    const { statuses, lines } = open({
      ASYNC_HTTP_STORE: 'jobs',
      ASYNC_HTTP_STORE_RESULTS: 'yes',
    });

    expect(statuses?.keepsResults).toBe(false);
    expect(lines).toMatchObject([{ level: 'WARN' }]);
    expect(
      open({ ASYNC_HTTP_STORE: 'jobs', ASYNC_HTTP_STORE_RESULTS: 'on' }).statuses?.keepsResults,
    ).toBe(true);
  });
});
