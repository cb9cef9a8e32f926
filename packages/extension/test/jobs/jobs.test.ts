import { describe, expect, it } from 'vitest';
import { Hold } from '../../src/hold/hold.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import type { Destinations } from '../../src/jobs/settlement.ts';
import type { LogEntry } from '../../src/log/log-entry.ts';
import type { JobStatuses } from '../../src/status/job-statuses.ts';
import { destination, SUCCESS, scriptedHandler } from '../support/jobs.ts';
import { factsOf, type JobRing, logFolder } from '../support/log-folder.ts';
import { memoryLog } from '../support/memory-log.ts';

const NOWHERE: Destinations = { onSuccess: undefined, onFailure: undefined };

function start({
  results = [SUCCESS],
  destinations = NOWHERE,
  load,
  statuses,
}: {
  results?: Parameters<typeof scriptedHandler>[0];
  destinations?: Destinations;
  load?: () => Promise<void>;
  statuses?: JobStatuses;
} = {}) {
  const folder = logFolder();
  const hold = new Hold({ maxMarginMs: 1_000 });
  const handler = scriptedHandler(results, load);
  const output = memoryLog();
  const settled: string[] = [];
  const jobs = new Jobs({
    handlerProcess: handler.handlerProcess,
    policy: { maxRetryAttempts: 2, maxEventAgeMs: 60_000 },
    destinations,
    statuses,
    hold,
    onSettled: ({ condition }) => settled.push(condition),
    log: output.log,
  });
  const find = (ring: JobRing): LogEntry => {
    const entry = folder.logs.find(ring);
    if (!entry) throw new Error('not found');
    return entry;
  };
  return {
    ...folder,
    ...handler,
    ...output,
    hold,
    jobs,
    settled,
    find,
    left: () => [...folder.open().recover()].map(({ head }) => `${head.jobId} ${head.state}`),
    begin(requestId: string, leftMs = 30_000) {
      const { budget, released } = hold.begin({ requestId, deadlineMs: Date.now() + leftMs });
      jobs.startPending(budget);
      return released;
    },
  };
}

describe('a job that is handed off', () => {
  it('is one INFO line when it is accepted, holds the environment, and is one line when it has ended', async () => {
    const { jobs, begin, hold, find, client, lines, settled } = start();
    const released = begin('r1');
    jobs.accept(find(client().append()));

    hold.end('r1');
    await released;

    expect(settled).toEqual(['Success']);
    expect(lines).toMatchObject([
      { level: 'INFO', message: 'job accepted', fields: { requestId: 'r1', jobId: 'r1.1' } },
      { level: 'INFO', message: 'job succeeded', fields: { requestId: 'r1', jobId: 'r1.1' } },
    ]);
  });

  it('starts at once when the reply is known to be out', () => {
    const { jobs, begin, find, client, attempts } = start();
    begin('r1');
    jobs.accept(find(client().append()));
    expect(attempts).toEqual([]);

    jobs.replied();

    expect(attempts).toHaveLength(1);
  });

  it('is held for before its INVOKE has come', async () => {
    const { jobs, begin, hold, find, client, settled } = start();
    jobs.accept(find(client().append()));
    hold.end('r1');

    await begin('r1');

    expect(settled).toEqual(['Success']);
  });

  it('starts with the next invocation, with a warning, when its request was over and nothing was held', async () => {
    const { jobs, begin, hold, find, client, attempts, lines } = start();
    const first = begin('r1');
    hold.end('r1');
    await first;
    jobs.accept(find(client().append()));
    expect(attempts).toEqual([]);

    const second = begin('r2');
    hold.end('r2');
    await second;

    expect(attempts).toHaveLength(1);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'INFO job accepted',
      'WARN handed off after its request was over: the job starts with the next invocation of this environment. Await sendArgs() before you return',
      'INFO job succeeded',
    ]);
  });

  it('is not a late job when Lambda repeats a request with its id, however soon it comes', async () => {
    const { jobs, begin, hold, find, client, levels } = start();
    const first = begin('r1');
    hold.end('r1');
    await first;

    // The repetition is faster than its INVOKE.
    jobs.accept(find(client().append({ deadlineMs: Date.now() + 60_000 })));
    hold.end('r1');
    await begin('r1');

    expect(levels()).not.toContain('WARN');
  });
});

describe('a job whose handler has not loaded in time', () => {
  it('starts with the next invocation, with a warning, while what is loading stands still', async () => {
    const loading = Promise.withResolvers<void>();
    const { jobs, begin, hold, find, client, lines, calls, left, settled } = start({
      load: () => loading.promise,
    });
    const released = begin('r1', 1_000);
    jobs.accept(find(client().append()));
    hold.end('r1');
    await released;
    expect(calls).toEqual(['ready', 'pause']);
    expect(left()).toEqual(['r1.1 open']);
    expect(lines.at(-1)).toMatchObject({
      level: 'WARN',
      message: expect.stringContaining('the handler had not loaded when the time of the request'),
      fields: { jobId: 'r1.1' },
    });

    const releasedLater = begin('r2');
    hold.end('r2');
    loading.resolve();
    await releasedLater;

    expect(settled).toEqual(['Success']);
  });
});

describe('a job that is rung twice', () => {
  it('because its log was deleted meanwhile runs once, from the place that lasts', async () => {
    const { jobs, begin, hold, find, client, attempts, lines, left } = start();
    const released = begin('r1');
    const facts = factsOf();
    jobs.accept(find(client(1).append(facts, '"first"')));
    jobs.accept(find(client(2).append(facts, '"second"')));
    expect(left()).toEqual(['r1.1 open']);

    hold.end('r1');
    await released;

    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.bytes).toMatchObject({ file: expect.stringContaining('/proc/') });
    expect(left()).toEqual([]);
    expect(lines.filter(({ message }) => message === 'job accepted')).toHaveLength(1);
  });

  it('when the first has ended does not run again', async () => {
    const { jobs, begin, hold, find, client, attempts, left } = start();
    const released = begin('r1');
    const facts = factsOf();
    jobs.accept(find(client(1).append(facts)));
    jobs.replied();
    await jobs.ended();

    jobs.accept(find(client(2).append(facts)));
    hold.end('r1');
    await released;

    expect(attempts).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it('at the same place stays in the log while it is open', () => {
    const { jobs, begin, find, client, left } = start({ results: [] });
    begin('r1');
    const ring = client().append();
    jobs.accept(find(ring));

    jobs.accept(find(ring));

    expect(left()).toEqual(['r1.1 open']);
  });

  it('is not the job of the same id that a function handed off before it began again', async () => {
    const { jobs, begin, hold, find, client, settled } = start({ results: [SUCCESS, SUCCESS] });
    const released = begin('r1');
    jobs.accept(find(client(1).append({ acceptedAt: Date.now() - 5_000 })));
    jobs.accept(find(client(2).append()));
    hold.end('r1');
    await released;

    expect(settled).toEqual(['Success', 'Success']);
  });
});

describe('a job that an earlier extension has left', () => {
  it('resumes with the next invocation, and says so', async () => {
    const { jobs, begin, hold, client, open, attempts, lines } = start();
    client().append();
    for (const entry of open().recover()) jobs.recover(entry);
    expect(attempts).toEqual([]);

    const released = begin('r2');
    hold.end('r2');
    await released;

    expect(attempts).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'WARN',
      message: 'job found in the log of an earlier extension: it resumes with the next invocation',
      fields: { requestId: 'r1', jobId: 'r1.1', attempts: 0 },
    });
  });

  it('is not run again when it has ended, only its record is sent', async () => {
    const { destination: onFailure, records } = destination();
    const { jobs, begin, hold, client, open, find, attempts } = start({
      destinations: { ...NOWHERE, onFailure },
    });
    find(client().append()).recordOutcome(
      '{"condition":"RetriesExhausted","errorType":"Error","errorMessage":"no","stackTrace":[]}',
    );
    for (const entry of open().recover()) jobs.recover(entry);

    const released = begin('r2');
    hold.end('r2');
    await released;

    expect(attempts).toEqual([]);
    expect(records).toHaveLength(1);
  });

  it.each(['nonsense', 'null', '{}'])(
    'runs again when what is noted of its end is %s',
    async (outcome) => {
      const { jobs, begin, hold, client, open, find, attempts } = start();
      find(client().append()).recordOutcome(outcome);
      for (const entry of open().recover()) jobs.recover(entry);

      const released = begin('r2');
      hold.end('r2');
      await released;

      expect(attempts).toHaveLength(1);
    },
  );

  it('is one job when it was written twice', async () => {
    const { jobs, begin, hold, client, open, attempts, left } = start();
    const facts = factsOf();
    client(1).append(facts);
    client(2).append(facts);
    for (const entry of open().recover()) jobs.recover(entry);

    const released = begin('r2');
    hold.end('r2');
    await released;

    expect(attempts).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it('is one job when its ring is heard too', async () => {
    const { jobs, begin, hold, client, open, logs, attempts } = start();
    const ring = client().append();
    for (const entry of open().recover()) jobs.recover(entry);
    const entry = logs.find(ring);
    if (entry) jobs.accept(entry);

    const released = begin('r2');
    hold.end('r2');
    await released;

    expect(attempts).toHaveLength(1);
  });

  it.each(['run', 'delivery'] as const)(
    'is forgotten when it was a %s: its client has answered its caller',
    (kind) => {
      const { jobs, client, open, left } = start();
      client().append({ kind, originRequestId: 'r0', attempt: 1 });

      for (const entry of open().recover()) jobs.recover(entry);

      expect(left()).toEqual([]);
    },
  );
});

describe('when the environment ends', () => {
  it('every job has a line and a record: running, not yet started, waiting, and just handed off', async () => {
    const { destination: onFailure, records } = destination();
    const { jobs, begin, hold, find, client, aborted, lines } = start({
      results: [],
      destinations: { ...NOWHERE, onFailure },
    });
    const log = client();
    const first = begin('r1');
    hold.end('r1');
    await first;
    jobs.accept(find(log.append({ jobId: 'waiting' })));
    hold.begin({ requestId: 'r2', deadlineMs: Date.now() + 60_000 });
    const later = { requestId: 'r2', deadlineMs: Date.now() + 60_000 };
    jobs.accept(find(log.append({ jobId: 'running', ...later })));
    jobs.replied();
    jobs.accept(find(log.append({ jobId: 'notStarted', ...later })));

    const ended = jobs.shutdown(Date.now() + 400);
    jobs.accept(find(log.append({ jobId: 'justHandedOff', ...later })));
    await ended;
    await jobs.ended();

    const jobIds = ['justHandedOff', 'notStarted', 'running', 'waiting'];
    const failures = lines.filter(({ level }) => level === 'LAST RESORT');
    expect(failures.map(({ fields }) => fields?.jobId).sort()).toEqual(jobIds);
    expect(failures.map(({ fields }) => fields?.outcome)).toEqual(
      jobIds.map(() => 'EnvironmentShutdown'),
    );
    expect(records).toHaveLength(4);
    expect(aborted).toEqual(['shutdown']);
  });

  it('a job that nobody records stays in the log, also when its ring is heard late', async () => {
    const { jobs, begin, find, client, left } = start({ results: [] });
    begin('r1');
    const ring = client().append();
    jobs.accept(find(ring));
    await jobs.shutdown(Date.now() + 100);

    jobs.accept(find(ring));
    await jobs.ended();

    expect(left()).toEqual(['r1.1 open']);
  });
});

describe('a destination that is down', () => {
  it('has one try of the next hold, which need not wait for it any longer', async () => {
    const { destination: onSuccess, tries } = destination('ASYNC_HTTP_DESTINATION_UNREACHABLE');
    const { jobs, hold, find, client, levels, begin } = start({
      destinations: { ...NOWHERE, onSuccess },
    });
    const { released } = hold.begin({ requestId: 'r1', deadlineMs: Date.now() + 300 });
    jobs.accept(find(client().append({ deadlineMs: Date.now() + 300 })));
    hold.end('r1');
    await released;
    expect(levels()).toEqual(['INFO', 'INFO', 'WARN']);

    const next = begin('r2');
    hold.end('r2');
    await next;

    expect(tries).toEqual([undefined, 1]);
    expect(levels().at(-1)).toBe('LAST RESORT');
  });
});

describe('the key of a job that the end of the environment has ended', () => {
  async function keyAfterShutdown(destinations: Destinations) {
    const keys: unknown[] = [];
    const note: JobStatuses['note'] = ({ keyHash }, { status }) => {
      if (status === 'ended') keys.push(keyHash);
    };
    const statuses = { keepsResults: false, note, write() {} } as unknown as JobStatuses;
    const { jobs, begin, find, client } = start({ destinations, statuses });
    begin('r1');
    await jobs.shutdown(Date.now() + 500);
    jobs.accept(find(client().append({ keyHash: 'a'.repeat(64) })));
    await jobs.ended();
    return keys;
  }

  it('stays claimed while the job may resume, so that no second one runs at the same time', async () => {
    expect(await keyAfterShutdown(NOWHERE)).toEqual([undefined]);
  });

  it('is free when its failure is recorded, because then it does not resume', async () => {
    const onFailure = destination().destination;
    expect(await keyAfterShutdown({ onSuccess: undefined, onFailure })).toEqual(['a'.repeat(64)]);
  });
});
