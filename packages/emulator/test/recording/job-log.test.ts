import { describe, expect, it } from 'vitest';
import { JobLog } from '../../src/recording/job-log.ts';
import type { JobEvent } from '../../src/recording/recording.ts';
import type { ReportEvent } from '../../src/report/report-event.ts';

const REQUEST = '950f788e-0000-4000-8000-000000000000';
const JOB = `${REQUEST}.1`;
const TIME = '2026-11-30T10:15:02.114Z';
const OF_ENVIRONMENT = { functionName: 'order', environmentId: 'e1' };
const OF_JOB = { ...OF_ENVIRONMENT, requestId: REQUEST, jobId: JOB };
const FAILURE = {
  errorType: 'Error',
  errorMessage: 'no luck',
  stackTrace: ['Error: no luck', '    at job.js:1'],
};
const ERROR = { type: 'Error', message: 'no luck', stack: 'Error: no luck\n    at job.js:1' };

type Write = (words: string, fields?: object) => string;

const asText: Write = (words, fields = {}) =>
  `${TIME}\t${REQUEST}\tINFO\t[async-http] ${words} ${JSON.stringify({ jobId: JOB, ...fields })}`;
const asJson: Write = (words, fields = {}) =>
  JSON.stringify({
    timestamp: TIME,
    level: 'INFO',
    requestId: REQUEST,
    jobId: JOB,
    ...fields,
    message: `[async-http] ${words}`,
  });

function start() {
  const events: JobEvent[] = [];
  const heard: (() => void)[] = [];
  const log = new JobLog((event) => {
    events.push(event);
    for (const look of heard) look();
  });
  let at = 1_000;
  return {
    events,
    log,
    add: (event: object) => log.add({ at: ++at, ...OF_ENVIRONMENT, ...event } as ReportEvent),
    say: (line: string) =>
      log.add({ at: ++at, ...OF_ENVIRONMENT, type: 'log', source: 'extension', line }),
    /** Resolves when there are so many events. */
    until: (count: number) =>
      new Promise<void>((resolve) => {
        heard.push(() => events.length >= count && resolve());
      }),
  };
}

describe.each([
  ['text', asText],
  ['JSON', asJson],
])('log lines as %s', (_, line) => {
  it('tell a job that succeeds', () => {
    const { events, say } = start();

    say(line('job accepted'));
    say(line('job succeeded', { outcome: 'Success', attempts: 1, durationMs: 6034 }));

    expect(events).toEqual([
      { at: 1_001, ...OF_JOB, type: 'job.accepted' },
      { at: 1_001, ...OF_JOB, type: 'job.attempt', attempt: 1 },
      {
        at: 1_002,
        ...OF_JOB,
        type: 'job.ended',
        status: 'succeeded',
        attempts: 1,
        durationMs: 6034,
      },
    ]);
  });

  it('tell attempts, their errors and when the next one comes', () => {
    const { events, say } = start();

    say(line('job accepted'));
    say(line('attempt 1 failed; the next one starts in 135 ms', { attempt: 1, ...FAILURE }));
    say(line('job failed', { attempts: 2, durationMs: 300, ...FAILURE }));

    expect(events.slice(2)).toEqual([
      { at: 1_002, ...OF_JOB, type: 'job.retry', attempt: 1, error: ERROR, nextAttemptInMs: 135 },
      { at: 1_137, ...OF_JOB, type: 'job.attempt', attempt: 2 },
      {
        at: 1_003,
        ...OF_JOB,
        type: 'job.ended',
        status: 'failed',
        attempts: 2,
        durationMs: 300,
        error: ERROR,
      },
    ]);
  });

  it.each([
    'job failed: it is too old for another attempt',
    'job aborted: it was still running at the deadline. Give the function a longer timeout',
    'job aborted: the environment is ending',
  ])('tell the end "%s"', (words) => {
    const { events, say } = start();

    say(line(words, { attempts: 1, ...FAILURE }));

    expect(events).toEqual([
      expect.objectContaining({ type: 'job.ended', status: 'failed', error: ERROR }),
    ]);
  });
});

it('an attempt begins after the delay that the line names', async () => {
  const { events, say, until } = start();

  say(asText('attempt 1 failed; the next one starts in 5 ms', { attempt: 1, ...FAILURE }));
  await until(2);

  expect(events.at(-1)).toEqual({ at: 1_006, ...OF_JOB, type: 'job.attempt', attempt: 2 });
});

it('an attempt that did not begin before the end of the job is none', () => {
  const { events, say } = start();

  say(asText('attempt 1 failed; the next one starts in 60000 ms', { attempt: 1, ...FAILURE }));
  say(asText('job aborted: the environment is ending', { attempts: 1, ...FAILURE }));

  expect(events.map(({ type }) => type)).toEqual(['job.retry', 'job.ended']);
});

it.each([
  'handed off after its request was over: the job starts with the next invocation of this environment. Await sendArgs() before you return',
  'the handler had not loaded when the time of the request was over: the job starts with the next invocation of this environment. Give the function more memory or a longer timeout',
])('a job waits for the next invocation: "%s"', (words) => {
  const { events, add, say } = start();
  say(asText('job accepted'));
  say(asText(words));
  expect(events.map(({ type }) => type)).toEqual(['job.accepted']);

  add({ type: 'invoke.start', requestId: 'another' });

  expect(events.at(-1)).toEqual({
    at: 1_003,
    ...OF_JOB,
    during: 'another',
    type: 'job.attempt',
    attempt: 1,
  });
});

it('a job of an earlier extension goes on with its next attempt', () => {
  const { events, add, say } = start();

  say(
    asText('job found in the log of an earlier extension: it resumes with the next invocation', {
      attempts: 1,
    }),
  );
  add({ type: 'invoke.start', requestId: 'another' });

  expect(events).toEqual([
    { at: 1_002, ...OF_JOB, during: 'another', type: 'job.attempt', attempt: 2 },
  ]);
});

it('an attempt that an engine repeats has no time for the next one', () => {
  const { events, say } = start();

  say(
    asText('attempt 1 failed; the next one starts when the engine delivers the job again', {
      attempt: 1,
      ...FAILURE,
    }),
  );

  expect(events).toEqual([{ at: 1_001, ...OF_JOB, type: 'job.retry', attempt: 1, error: ERROR }]);
});

it('knows whether an attempt is running', () => {
  const { log, say } = start();
  say(asText('job accepted'));
  say(asText('attempt 1 failed; the next one starts in 60000 ms', { attempt: 1, ...FAILURE }));
  expect(log.isRunning('e1')).toBe(false);
  say(asText('attempt 2 failed; the next one starts in 0 ms', { attempt: 2, ...FAILURE }));
  say(asText('job succeeded', { attempts: 3 }));
  expect(log.isRunning('e1')).toBe(false);
});

it('nothing begins any more in an environment that is gone', async () => {
  const { events, add, say, until } = start();
  say(asText('attempt 1 failed; the next one starts in 5 ms', { attempt: 1, ...FAILURE }));
  add({ type: 'shutdown.done' });

  say(
    asText('attempt 1 failed; the next one starts in 5 ms', { attempt: 1, ...FAILURE }).replaceAll(
      JOB,
      'other.1',
    ),
  );
  await until(3);

  expect(events.map(({ type, jobId }) => `${type} ${jobId}`)).toEqual([
    `job.retry ${JOB}`,
    'job.retry other.1',
    'job.attempt other.1',
  ]);
});

it('other extensions may write the same lines under their own names', () => {
  const { events, say } = start();

  say(asText('job accepted').replace('[async-http]', '[my-queue]'));

  expect(events).toMatchObject([{ type: 'job.accepted', jobId: JOB }]);
});

it.each([
  ['of the function', asText('job accepted'), 'function'],
  [
    'about something else',
    asText(
      'the record of a job could not be delivered in time. It is sent with the next invocation, or when the environment ends',
    ),
    'extension',
  ],
  ['without a name in brackets', asText('job accepted').replace('[async-http] ', ''), 'extension'],
  ['cut off', asText('job accepted').slice(0, -3), 'extension'],
  ['of a megabyte', `${asText('job accepted', { more: 'x'.repeat(1024 * 1024) })}`, 'extension'],
  ['with an id that is no text', `${TIME}\t-\tINFO\t[x] job accepted {"jobId":{}}`, 'extension'],
])('a line %s is none of them', (_, line, source) => {
  const { events, add } = start();

  add({ type: 'log', source, line });

  expect(events).toEqual([]);
});

it('names the running request, if it is not the one that handed the job off', () => {
  const { events, add } = start();

  for (const requestId of [REQUEST, 'of-a-queue']) {
    add({ type: 'log', source: 'extension', requestId, line: asText('job succeeded') });
  }

  expect(events.map(({ requestId, during }) => [requestId, during])).toEqual([
    [REQUEST, undefined],
    [REQUEST, 'of-a-queue'],
  ]);
});
