import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Listener, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { Bell } from '../../src/hand-off/bell.ts';
import { JobLog } from '../../src/hand-off/job-log.ts';
import { parseRing, RECORD_STATES, STATE_OFFSET } from '../../src/protocol/index.ts';
import { fillBell } from './fill-bell.ts';

function openLog({
  bell = 'fifo',
  isRuntime = true,
}: {
  bell?: 'fifo' | 'file';
  isRuntime?: boolean;
} = {}) {
  const listener = startListener({ bell });
  const log = new JobLog(new Bell(listener.env), isRuntime);
  return { listener, log };
}

/** Appends a job with this event. */
function append(log: JobLog, event: unknown = { order: 7 }, jobId?: string) {
  const texts = [JSON.stringify(event), '{"awsRequestId":"r1"}'] as const;
  const [eventBytes, contextBytes] = texts.map((text) => Buffer.byteLength(text)) as [
    number,
    number,
  ];
  return log.append(
    {
      kind: 'job',
      requestId: 'r1',
      deadlineMs: 2_000,
      acceptedAt: 1_000,
      ...(jobId !== undefined && { jobId }),
    },
    ...texts,
    { eventBytes, contextBytes },
  );
}

/** Where the extension finds each job, should its log have been deleted. */
function ringsOf(listener: Listener) {
  return listener.lines().flatMap((line) => {
    const ring = parseRing(line);
    return ring?.type === 'job' ? [ring] : [];
  });
}

function readRecordAt(fd: number, offset: number): string {
  const bytes = Buffer.alloc(400);
  return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, offset));
}

/** As the extension does, through its own descriptor. */
function settle(fd: number, offset: number): void {
  if (!existsSync(`/proc/self/fd/${fd}`)) return;
  const own = openSync(`/proc/self/fd/${fd}`, 'r+');
  writeSync(own, RECORD_STATES.settled, offset + STATE_OFFSET);
  closeSync(own);
}

const failureOf = (act: () => void) => {
  try {
    act();
  } catch (error) {
    return error as Error & { code: string; reason?: string };
  }
  throw new Error('it did not fail');
};

describe.each(['fifo', 'file'] as const)('a hand-off, with a bell that is a %s', (bell) => {
  it('is in the log when it is rung', () => {
    const { listener, log } = openLog({ bell });

    const { jobId } = append(log);

    expect(jobId).toBe('r1.1');
    expect(listener.jobs()).toEqual([
      {
        jobId: 'r1.1',
        log: 1,
        offset: 0,
        facts: {
          kind: 'job',
          jobId: 'r1.1',
          requestId: 'r1',
          deadlineMs: 2_000,
          acceptedAt: 1_000,
          contextBytes: 21,
        },
        event: { order: 7 },
        context: { awsRequestId: 'r1' },
      },
    ]);
  });

  it('leaves no gap to the next one, of whatever size and characters', () => {
    const { listener, log } = openLog({ bell });
    const events = ['ü漢🎉', 'x'.repeat(70_000), '漢'.repeat(70_000), null];

    for (const event of events) append(log, event);

    expect(listener.jobs().map(({ event }) => event)).toEqual(events);
    const last = listener.lines().at(-1)?.split(' ').map(Number) ?? [];
    expect(statSync(join(listener.folder, 'log.1')).size).toBe((last[2] ?? 0) + (last[3] ?? 0));
  });
});

it('a log and its folder are for nobody else to read', () => {
  const { listener, log } = openLog();

  append(log);

  expect(statSync(listener.folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(listener.folder, 'log.1')).mode & 0o777).toBe(0o600);
});

describe('the id of a job', () => {
  it('is unique, whoever hands off in the environment and whatever has become of the logs', () => {
    const { listener, log: ofFunction } = openLog();
    const ofThread = new JobLog(new Bell(listener.env), false);
    const ofNextProcess = new JobLog(new Bell(listener.env), true);
    const ids: string[] = [];
    for (const log of [ofFunction, ofThread, ofNextProcess]) {
      for (let times = 0; times < 3; times += 1) ids.push(append(log).jobId);
      rmSync(join(listener.folder, 'log.3'), { force: true });
    }
    rmSync(listener.folder, { recursive: true });
    for (const log of [ofThread, ofFunction]) ids.push(append(log).jobId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 3)).toEqual(['r1.1', 'r1.2', 'r1.3']);
  });

  it('of a thread is none of the function, when the log of the function has been deleted', () => {
    const { listener, log: ofFunction } = openLog();
    const ofThread = new JobLog(new Bell(listener.env), false);

    const first = append(ofFunction).jobId;
    rmSync(listener.folder, { recursive: true });
    const second = append(ofThread).jobId;

    expect(second).not.toBe(first);
    expect(listener.jobs().map(({ log }) => log)).toEqual([1, 1]);
  });

  it('is that of the engine, where an engine has made it', () => {
    const { log } = openLog();

    expect(append(log, {}, 'origin.7').jobId).toBe('origin.7');
  });
});

describe('a log that is no longer in its place', () => {
  it.each([
    ['was retired', (path: string) => renameSync(path, `${path}.away`)],
    ['was deleted', (path: string) => rmSync(path)],
    [
      'was deleted with all of /tmp',
      (path: string) => rmSync(join(path, '../..'), { recursive: true }),
    ],
  ])(
    'is followed by another one, and the job handed off in both with the same id: it %s',
    (_, remove) => {
      const { listener, log } = openLog();
      append(log);

      remove(join(listener.folder, 'log.1'));
      const { jobId, place } = append(log, { order: 8 });

      const [, inOld, inNew] = listener.jobs();
      expect(jobId).toBe('r1.2');
      expect([inOld, inNew].map((job) => [job?.jobId, job?.event])).toEqual([
        ['r1.2', { order: 8 }],
        ['r1.2', { order: 8 }],
      ]);
      expect(place).toEqual({ log: inNew?.log, offset: 0 });
    },
  );

  it.each([
    ['has been written to', (path: string) => appendFileSync(path, 'not ours')],
    ['has been cut', (path: string) => truncateSync(path, 10)],
  ])('is followed by another one too when it %s by somebody else', (_, spoil) => {
    const { listener, log } = openLog();
    append(log);

    spoil(join(listener.folder, 'log.1'));

    expect(append(log).place).toEqual({ log: 2, offset: 0 });
  });

  it('gets no part of a large job, which would have to be written twice', () => {
    const { listener, log } = openLog();
    append(log);
    const path = join(listener.folder, 'log.1');
    const retired = openSync(path, 'r');
    const before = fstatSync(retired).size;
    rmSync(path);

    const { jobId } = append(log, 'x'.repeat(100_000));

    expect(ringsOf(listener).filter((ring) => ring.jobId === jobId)).toHaveLength(1);
    expect(fstatSync(retired).size).toBe(before);
    closeSync(retired);
  });

  it('is still watched for answers', () => {
    const { listener, log } = openLog();
    const { place } = append(log);
    renameSync(join(listener.folder, 'log.1'), join(listener.folder, 'retired.1'));
    append(log);

    expect(log.stateMark(place)).toBe('.');
  });

  it('costs no more than a few descriptors, however often that happens', () => {
    const { listener, log } = openLog();
    const open = () => readdirSync('/proc/self/fd').length;
    append(log);
    const before = open();

    for (let times = 0; times < 50; times += 1) {
      rmSync(listener.folder, { recursive: true });
      append(log);
      for (const { fd, offset } of ringsOf(listener)) settle(fd, offset);
    }

    expect(open() - before).toBeLessThan(6);
  });

  it('is kept open until all in it has been taken up', () => {
    const { listener, log } = openLog();
    append(log);

    for (let times = 0; times < 20; times += 1) {
      rmSync(listener.folder, { recursive: true });
      append(log);
    }

    const ids = ringsOf(listener).map(({ fd, offset, jobId }) => {
      return [jobId, readRecordAt(fd, offset).includes(`"jobId":"${jobId}"`)];
    });
    expect(new Set(ids.map(([jobId]) => jobId)).size).toBe(21);
    expect(ids.filter(([, isThere]) => !isThere)).toEqual([]);
  });
});

describe('a log whose descriptor the function has closed', () => {
  it('costs one hand-off, which fails, and the next one has another log', () => {
    const { listener, log } = openLog();
    append(log);
    closeSync(ringsOf(listener)[0]?.fd ?? -1);

    expect(failureOf(() => append(log, 'lost')).code).toBe('ASYNC_HTTP_JOURNAL_UNWRITABLE');
    append(log, 'next');

    expect(listener.jobs().map(({ event }) => event)).toEqual([{ order: 7 }, 'next']);
  });
});

describe('a hand-off that nobody hears', () => {
  it('fails, and leaves nothing behind', () => {
    const { listener, log } = openLog();
    listener.close();

    expect(failureOf(() => append(log))).toMatchObject({
      name: 'ExtensionUnreachableError',
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'not-listening',
    });
    expect(readdirSync(listener.base)).not.toContain('async-http');
  });

  it('fails, and nothing of it can run later, when the extension has died meanwhile', () => {
    const { listener, log } = openLog();
    append(log, 'before');
    const path = join(listener.folder, 'log.1');
    const before = readFileSync(path);
    listener.close();

    expect(failureOf(() => append(log, 'lost'))).toMatchObject({ reason: 'not-listening' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('fails, and nothing of it can run later, when nobody reads the bell in time', () => {
    const { listener, log } = openLog();
    append(log, 'before');
    const path = join(listener.folder, 'log.1');
    const before = readFileSync(path);
    fillBell(listener.bell);

    const error = failureOf(() => append(log, 'lost'));

    expect(error).toMatchObject({ code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE', reason: 'no-answer' });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(listener.jobs()).toHaveLength(1);
  });

  it('takes none of those with it that came before and after', () => {
    const { listener, log } = openLog();
    append(log, 'before');
    listener.close();
    failureOf(() => append(log, 'lost'));
    listener.open();
    append(log, 'after');

    expect(listener.jobs().map(({ event }) => event)).toEqual(['before', 'after']);
  });
});
