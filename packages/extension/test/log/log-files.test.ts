import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { ATTEMPTS_OFFSET, parseHead, STATE_OFFSET } from '@async-http/client/protocol';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/log/log-entry.ts';
import type { LogFiles } from '../../src/log/log-files.ts';
import { CONTEXT, type JobRing, logFolder } from '../support/log-folder.ts';

const MIB = 1024 * 1024;
const idsOf = (entries: Iterable<LogEntry>) => [...entries].map(({ head }) => head.jobId);

function find(logs: LogFiles, ring: JobRing): LogEntry {
  const entry = logs.find(ring);
  if (!entry) throw new Error(`${ring.jobId} is not found`);
  return entry;
}

describe('a record that was rung', () => {
  it('is found where something that is not a file has taken its place', () => {
    const { client, logs } = logFolder();
    const log = client();
    const ring = log.append();
    rmSync(log.path);
    execFileSync('mkfifo', [log.path]);

    expect(find(logs, ring).readEvent().toString()).toBe('{"order":7}');
  });

  it('is found with its facts and its bytes', () => {
    const { client, logs } = logFolder();
    const ring = client().append(
      { requestId: 'r1', traceId: 'Root=1' },
      '{"é":12345678901234567890}',
    );

    const entry = find(logs, ring);

    expect(entry.head).toMatchObject({
      jobId: 'r1.1',
      traceId: 'Root=1',
      state: 'open',
      attempts: 0,
    });
    expect(entry.readEvent().toString()).toBe('{"é":12345678901234567890}');
    expect(entry.readContext().toString()).toBe(CONTEXT);
  });

  it('is found beside the others of its log, in any order', () => {
    const { client, logs } = logFolder();
    const log = client();
    const rings = ['r1.1', 'r1.2', 'r1.3'].map((jobId) => log.append({ jobId }));

    expect(rings.reverse().map((ring) => find(logs, ring).head.jobId)).toEqual([
      'r1.3',
      'r1.2',
      'r1.1',
    ]);
  });

  it('is found through the descriptor of its client when the function has emptied /tmp', () => {
    const { client, logs, folder } = logFolder();
    const ring = client().append();
    rmSync(folder, { recursive: true });

    expect(find(logs, ring).readEvent().toString()).toBe('{"order":7}');
  });

  it('is answered also when the function has emptied /tmp', () => {
    const { folder, logs, client } = logFolder();
    const { path, append } = client();
    const entry = logs.find(append());
    rmSync(folder, { recursive: true });

    entry?.answer('{"status":"done"}');

    expect(readFileSync(`${folder}/answer.1.0`, 'utf8')).toBe('{"status":"done"}');
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['has failed', true, 'sf'],
    ['has succeeded', false, 's '],
  ])('shows its client that the job %s', (_, hasFailed, mark) => {
    const { client, logs } = logFolder();
    const log = client();
    const entry = find(logs, log.append());

    if (hasFailed) entry.fail();
    entry.settle();

    expect(readFileSync(log.path, 'latin1').slice(STATE_OFFSET, ATTEMPTS_OFFSET)).toBe(mark);
    expect(parseHead(readFileSync(log.path))?.state).toBe('settled');
  });

  it('is not mistaken for that of another process, which has the number of its deleted log', () => {
    const { client, logs, folder } = logFolder();
    const [first, late] = [client(), client(2)].map((log) => log.append({ jobId: 'r1.1' }));
    if (!first || !late) throw new Error();
    const deleted = client(3);
    const ring = deleted.append({ jobId: 'r3.1' }, '"of the first"');
    rmSync(`${folder}/log.3`);
    client(3).append({ jobId: 'r4.1' }, '"of the second"');

    expect(find(logs, ring).readEvent().toString()).toBe('"of the first"');
  });

  it.each([
    ['a place that is not the beginning of a record', { offset: 1 }],
    ['a place behind the end', { offset: 1_000_000 }],
    ['a record of another job', { jobId: 'r1.2' }],
    ['a record of another length', { bytes: 7 }],
    ['a log that does not exist', { log: 9, fd: 0 }],
  ])('is not found at %s', (_, wrong) => {
    const { client, logs } = logFolder();
    const ring = client().append();

    expect(logs.find({ ...ring, fd: 0, ...wrong })).toBeUndefined();
  });
});

describe('what an earlier extension has left', () => {
  it('is every job that is not settled, with its attempts and its outcome', () => {
    const { client, open } = logFolder();
    const log = client();
    const before = open();
    for (const jobId of ['untouched', 'tried', 'ended', 'settled']) {
      const entry = find(before, log.append({ jobId }));
      if (jobId === 'tried') entry.beginAttempt(2);
      if (jobId === 'ended') entry.recordOutcome('{"condition":"Success"}');
      if (jobId === 'settled') entry.settle();
    }

    const left = [...open().recover()];

    expect(left.map(({ head }) => [head.jobId, head.state, head.attempts])).toEqual([
      ['untouched', 'open', 0],
      ['tried', 'open', 2],
      ['ended', 'ended', 0],
    ]);
    expect(left[2]?.readOutcome()).toBe('{"condition":"Success"}');
  });

  it('is found in the logs of all processes, and in those that were being retired', () => {
    const { client, open, folder } = logFolder();
    for (const number of [1, 2, 3]) client(number).append({ jobId: `${number}` });
    renameSync(`${folder}/log.3`, `${folder}/retired.3`);

    expect(idsOf(open().recover())).toEqual(['1', '2', '3']);
  });

  it('is not there once it is settled: the log is deleted', () => {
    const { client, open, folder } = logFolder();
    find(open(), client().append()).settle();

    expect(idsOf(open().recover())).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing behind when it is settled later, and a new client begins a log meanwhile', () => {
    const { client, open, folder } = logFolder();
    client().append();
    const logs = open();
    const [entry] = [...logs.recover()];
    const other = find(logs, client(2).append({ jobId: 'r2.1' }));

    entry?.settle();
    logs.retire();

    expect(readdirSync(folder)).toEqual(['log.2']);
    expect(other.readEvent().toString()).toBe('{"order":7}');
  });

  it('ends where a record was half-written, which was never accepted', () => {
    const { client, open, lines } = logFolder();
    const log = client();
    log.append({ jobId: 'whole' });
    const { offset, bytes } = log.append({ jobId: 'half' });
    truncateSync(log.path, offset + bytes - 3);

    expect(idsOf(open().recover())).toEqual(['whole']);
    expect(lines.lines).toEqual([]);
  });

  it('begins again behind what something else has written, and an error says where that is', () => {
    const { client, open, lines, folder } = logFolder();
    const log = client();
    log.append({ jobId: 'before' });
    log.appendRaw('somebody else\nwas here\n');
    log.append({ jobId: 'after' });

    expect(idsOf(open().recover())).toEqual(['before', 'after']);
    expect(lines.messages().map((text) => text.replace(folder, '<folder>'))).toEqual([
      expect.stringMatching(
        /^<folder>\/log.1: 23 bytes from \d+ on are not a job; something else has written there$/,
      ),
    ]);
  });

  it.each([3, 20, 45])('ends silently after %i bytes of a record, too', (bytes) => {
    const { client, open, lines } = logFolder();
    const log = client();
    log.append({ jobId: 'whole' });
    const { offset } = log.append({ jobId: 'half' });
    truncateSync(log.path, offset + bytes);

    expect(idsOf(open().recover())).toEqual(['whole']);
    expect(lines.lines).toEqual([]);
  });

  it.each(['"eventBytes":9000', '"eventBytes":1.'])(
    'is not lost behind a record that lies about its length: %s',
    (lie) => {
      const { client, open, lines } = logFolder();
      const log = client();
      log.append({ jobId: 'before' });
      log.append({ jobId: 'damaged' });
      log.append({ jobId: 'after' });
      const text = readFileSync(log.path, 'utf8');
      writeFileSync(log.path, text.replace(/("damaged".*?)"eventBytes":\d+/, `$1${lie}`));

      expect(idsOf(open().recover())).toEqual(['before', 'after']);
      expect(lines.lines).toHaveLength(1);
    },
  );

  it('cannot be faked by an event that looks like a record', () => {
    const { client, open } = logFolder();
    const log = client();
    const fake = '\nasync-http job 2 . 000\n{"kind":"job","jobId":"fake"}\n';
    log.append({ jobId: 'real' }, JSON.stringify(fake));
    log.appendRaw('damage');

    expect(idsOf(open().recover())).toEqual(['real']);
  });
});

describe('what was handed off and not heard', () => {
  it('is found in logs that nobody has rung for, and behind what was heard', () => {
    const { client, logs } = logFolder();
    const [first, second] = [client(1), client(2)];
    find(logs, first.append({ jobId: 'heard' }));
    first.append({ jobId: 'not-heard' });
    second.append({ jobId: 'of-another-process' });

    expect(idsOf(logs.unheard())).toEqual(['not-heard', 'of-another-process']);
    expect(idsOf(logs.unheard())).toEqual([]);
  });

  it('is found in a log that was deleted after it had been heard of', () => {
    const { client, logs, folder } = logFolder();
    const log = client();
    find(logs, log.append({ jobId: 'heard' }));
    rmSync(folder, { recursive: true });
    log.append({ jobId: 'not-heard' });

    expect(idsOf(logs.unheard())).toEqual(['not-heard']);
  });

  it('is found in a new log that has the number of a deleted one', () => {
    const { client, logs, folder } = logFolder();
    find(logs, client().append({ jobId: 'heard' }));
    rmSync(`${folder}/log.1`);
    client().append({ jobId: 'of-another-process' });

    expect(idsOf(logs.unheard())).toEqual(['of-another-process']);
  });
});

describe('a large log', () => {
  const large = JSON.stringify('x'.repeat(MIB));

  it('is deleted when nothing in it is open, and the client notices', () => {
    const { client, logs, folder } = logFolder();
    const log = client();
    const entry = find(logs, log.append({}, large));
    logs.retire();
    expect(log.isInPlace()).toBe(true);

    entry.settle();
    logs.retire();

    expect(log.isInPlace()).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays while it is small', () => {
    const { client, logs } = logFolder();
    const log = client();
    find(logs, log.append()).settle();

    logs.retire();

    expect(log.isInPlace()).toBe(true);
  });

  it('stays while something in it has not been heard', () => {
    const { client, logs } = logFolder();
    const log = client();
    find(logs, log.append({}, large)).settle();
    log.append({ jobId: 'r1.2' });

    logs.retire();

    expect(log.isInPlace()).toBe(true);
    expect(idsOf(logs.unheard())).toEqual(['r1.2']);
  });

  it('is continued in another one though some of it is always open, and deleted when it is not', () => {
    const { client, logs, folder } = logFolder();
    const log = client();
    const entries = Array.from({ length: 33 }, (_, n) =>
      find(logs, log.append({ jobId: `r1.${n}` }, large)),
    );

    logs.retire();

    expect(log.isInPlace()).toBe(false);
    expect(entries[7]?.readEvent().length).toBe(large.length);
    for (const entry of entries) entry.settle();
    logs.retire();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is found by the next extension while it waits for its last jobs', () => {
    const { client, logs, open } = logFolder();
    const log = client();
    const entries = Array.from({ length: 33 }, (_, n) =>
      find(logs, log.append({ jobId: `r1.${n}` }, large)),
    );
    logs.retire();
    for (const entry of entries.slice(1)) entry.settle();

    expect(idsOf(open().recover())).toEqual(['r1.0']);
  });
});

it('a function that empties /tmp after each hand-off does not use up the descriptors', () => {
  const { client, logs, folder } = logFolder();
  const openFiles = () => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  for (let n = 1; n <= 50; n += 1) {
    const log = client(n);
    const entry = find(logs, log.append({ jobId: `r${n}.1` }));
    rmSync(`${folder}/log.${n}`);
    log.close();
    entry.settle();
    logs.retire();
  }

  expect(openFiles() - before).toBeLessThan(10);
});

it('a function whose hand-offs come from a process each does not use up the descriptors', () => {
  const { client, logs, folder } = logFolder();
  const openFiles = () => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  for (let n = 1; n <= 500; n += 1) {
    const log = client(n);
    const entry = find(logs, log.append({ jobId: `r${n}.1` }));
    log.close();
    entry.settle();
    logs.retire();
  }

  expect(openFiles() - before).toBeLessThan(100);
  expect(readdirSync(folder).length).toBeLessThan(100);
});
