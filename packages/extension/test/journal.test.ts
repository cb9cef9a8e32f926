import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Journal } from '../src/journal.ts';

const BODY = Buffer.from('{"event":"héllo","context":{}}');

function facts(n = 1) {
  return {
    jobId: `r1.${n}`,
    requestId: 'r1',
    deadlineMs: 1_800_000_030_000,
    idempotencyKey: `k${n}`,
    acceptedAt: 1_800_000_000_000 + n,
  };
}

/** A folder for a journal, and journals of one extension process after the other. */
function openFolder() {
  const root = mkdtempSync(join(tmpdir(), 'journal-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'async-http', 'journal');
  const warnings: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn: (message: string) => warnings.push(message),
    error() {},
  };
  return {
    folder,
    rejected: join(root, 'async-http', 'journal-rejected'),
    warnings,
    open: () => new Journal({ folder, log }),
    file(index = 0) {
      return join(folder, readdirSync(folder).sort()[index] ?? '');
    },
  };
}

function runProgram(name: string, folder: string, wrapper: string[] = []) {
  const program = new URL(`./fixtures/journal/${name}.ts`, import.meta.url).pathname;
  const [command = '', ...args] = [
    ...wrapper,
    process.execPath,
    '--conditions=@async-http/source',
    program,
    folder,
  ];
  return spawnSync(command, args, { encoding: 'utf8' });
}

describe('after the extension was killed', () => {
  it('finds what was not settled, in the order in which it was accepted', () => {
    const { folder, open } = openFolder();
    expect(runProgram('writes-and-dies', folder).signal).toBe('SIGKILL');

    const { jobs, problems } = open().recover();

    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([
      { ...facts(1), body: BODY, attempts: 0, outcome: undefined },
      { ...facts(2), traceId: 'Root=1', body: BODY, attempts: 2, outcome: undefined },
      { ...facts(4), body: BODY, attempts: 0, outcome: '{"condition":"Success"}' },
    ]);
  });

  it('goes on counting where it was, and forgets a job when it is settled', () => {
    const { folder, open } = openFolder();
    runProgram('writes-and-dies', folder);
    const [first, second, third] = open().recover().jobs;

    first?.entry.remove();
    second?.entry.beginAttempt(3);
    third?.entry.remove();

    expect(open().recover().jobs).toMatchObject([{ jobId: 'r1.2', attempts: 3 }]);
  });
});

describe('a file', () => {
  it('can be read by nobody else', () => {
    const { folder, open, file } = openFolder();
    open().write(facts(), BODY);

    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('keeps any bytes', () => {
    const { open } = openFolder();
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    open().write(facts(), body);

    expect(open().recover().jobs[0]?.body.equals(body)).toBe(true);
  });
});

describe('what is no job', () => {
  it('is set aside and said: half-written at any place', () => {
    const { folder, open, file, rejected } = openFolder();
    open().write(facts(), BODY);
    const whole = readFileSync(file());
    for (const cut of [0, 5, 18, 60, whole.length - 1]) {
      writeFileSync(join(folder, `cut-at-${cut}.job`), whole.subarray(0, cut));
    }

    const { jobs, problems } = open().recover();

    expect(jobs).toHaveLength(1);
    expect(problems).toHaveLength(5);
    expect(readdirSync(rejected)).toHaveLength(5);
    expect(open().recover().problems).toEqual([]);
  });

  it('is set aside and said: foreign, damaged, of another version', () => {
    const { folder, open } = openFolder();
    open().write(facts(), BODY);
    for (const [name, text] of [
      ['a-photo.jpg', '\xff\xd8\xff'],
      ['b-version.job', 'async-http job 2 000\n{}\n'],
      ['c-facts.job', 'async-http job 1 000\n{"bodyBytes":0}\n'],
      ['d-json.job', 'async-http job 1 000\nnope\n'],
      ['e-attempts.job', `async-http job 1 0x!\n${JSON.stringify({ ...facts(), bodyBytes: 0 })}\n`],
    ] as const) {
      writeFileSync(join(folder, name), text, 'latin1');
    }

    const { jobs, problems } = open().recover();

    expect(jobs).toHaveLength(1);
    expect(
      problems.map((problem) => problem.replace(/^.*journal-rejected: /, '')),
    ).toMatchInlineSnapshot(`
      [
        "it is not a file of this version of the journal",
        "it is not a file of this version of the journal",
        "its facts are not those of a job",
        "its facts are not those of a job",
        "its number of attempts is damaged",
      ]
    `);
  });

  it('stays where it is if it is not even a file', () => {
    const { folder, open } = openFolder();
    mkdirSync(join(folder, 'folder'), { recursive: true });
    symlinkSync('/etc/hostname', join(folder, 'link'));

    const { jobs, problems } = open().recover();

    expect(jobs).toEqual([]);
    expect(problems).toEqual([
      expect.stringContaining('folder is not a file of ours'),
      expect.stringContaining('link is not a file of ours'),
    ]);
    expect(readdirSync(folder)).toEqual(['folder', 'link']);
  });

  it('does not fill /tmp: the oldest make room', () => {
    const { folder, open, rejected } = openFolder();
    mkdirSync(folder, { recursive: true });
    for (let n = 10; n < 40; n += 1) writeFileSync(join(folder, `${n}.job`), 'x');

    open().recover();

    expect(readdirSync(rejected).map((name) => name.split('-')[1])).toEqual(
      Array.from({ length: 16 }, (_, index) => `${24 + index}.job`),
    );
  });

  it('is not there in a new environment', () => {
    expect(openFolder().open().recover()).toEqual({ jobs: [], problems: [] });
  });
});

it('takes the last outcome of a job, also after one that was half-written', () => {
  const { open, file } = openFolder();
  open().write(facts(), BODY).recordOutcome('{"condition":"Success"}');
  truncateSync(file(), statSync(file()).size - 3);
  const [job] = open().recover().jobs;
  job?.entry.recordOutcome('{"condition":"RetriesExhausted"}');
  job?.entry.recordOutcome('{"condition":"EventAgeExceeded"}');

  expect(open().recover().jobs).toMatchObject([
    { body: BODY, outcome: '{"condition":"EventAgeExceeded"}' },
  ]);
});

it.each(['nonsense', 'null', '{}'])('sets a job aside whose outcome is %s', (outcome) => {
  const { open, rejected } = openFolder();
  open().write(facts(), BODY).recordOutcome(outcome);

  const { jobs, problems } = open().recover();

  expect(jobs).toEqual([]);
  expect(problems).toEqual([expect.stringContaining('its outcome is damaged')]);
  expect(readdirSync(rejected)).toHaveLength(1);
});

it('does not take a half-written outcome for the truth', () => {
  const { open, file } = openFolder();
  open().write(facts(), BODY).recordOutcome('{"condition":"Success"}');
  truncateSync(file(), statSync(file()).size - 1);

  expect(open().recover().jobs).toMatchObject([{ body: BODY, outcome: undefined }]);
});

describe('a function that empties /tmp', () => {
  it('does not stop new jobs', () => {
    const { folder, open } = openFolder();
    const journal = open();
    journal.write(facts(1), BODY);
    rmSync(folder, { recursive: true });

    journal.write(facts(2), BODY);

    expect(open().recover().jobs).toMatchObject([facts(2)]);
  });

  it('does not stop the jobs that run; a warning says that they are not safe', () => {
    const { folder, open, warnings } = openFolder();
    const entry = open().write(facts(1), BODY);
    rmSync(folder, { recursive: true });

    entry.beginAttempt(1);
    entry.recordOutcome('{"condition":"Success"}');
    entry.remove();

    expect(warnings).toMatchInlineSnapshot(`
      [
        "an attempt of a job could not be counted in the journal, so after a crash it may run again, or be lost",
        "the outcome of a job could not be noted in the journal, so after a crash it may run again, or be lost",
      ]
    `);
  });
});

describe('a job that cannot be kept is refused', () => {
  it('when the folder cannot be written', () => {
    const { folder, open } = openFolder();
    mkdirSync(join(folder, '..', '..'), { recursive: true });
    writeFileSync(join(folder, '..'), 'a file where a folder should be');

    expect(() => open().write(facts(), BODY)).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_JOURNAL_UNWRITABLE' }),
    );
  });

  // A disk of its own that is small needs a namespace of its own.
  const inOwnNamespace = ['unshare', '--map-root-user', '--mount'];
  const canUnshare =
    spawnSync(inOwnNamespace[0] ?? '', [...inOwnNamespace.slice(1), 'true']).status === 0;

  it.runIf(canUnshare)('when /tmp is full, and nothing of it is left', () => {
    const { folder } = openFolder();
    mkdirSync(folder, { recursive: true });

    const { stdout } = runProgram('fills-its-disk', folder, [
      ...inOwnNamespace,
      'sh',
      '-c',
      'mount -t tmpfs -o size=64k none "$0" && exec "$@"',
      folder,
    ]);

    const { code, message, left } = JSON.parse(stdout);
    expect({ code, left }).toEqual({ code: 'ASYNC_HTTP_JOURNAL_FULL', left: [] });
    expect(message.replaceAll(folder, '<folder>')).toMatchInlineSnapshot(
      `"The function's /tmp is full (ENOSPC in <folder>), so the job could not be kept and was not accepted. Delete files that the function leaves there, or give it more ephemeral storage."`,
    );
  });
});
