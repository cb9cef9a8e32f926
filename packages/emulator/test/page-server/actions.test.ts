import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLocalLambda } from '../../src/lambda/start-local-lambda.ts';
import type { LambdaEvent, LambdaOptions } from '../../src/lambda-types.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import type { RecordedEvent } from '../../src/recording/recording.ts';
import { folder } from '../support/layer.ts';
import { isolations } from '../support/start.ts';
import { startPage } from './start-page.ts';

const CODE = {
  'index.js': `exports.handler = async (event) => {
  if (event.ms) await wait(event.ms);
  return { echo: event };
};
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}`,
};

/**
 * Runs one job in each invoke: a program of its own prints a dot and ends. Writes the documented lines about it.
 */
const EXTENSION = `#!/usr/bin/env node
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
const say = (requestId, words, fields) =>
  console.log([new Date().toISOString(), requestId, 'INFO', '[worker] ' + words + ' ' + JSON.stringify(fields)].join('\\t'));
(async () => {
  const { headers } = await fetch(base + 'register', {
    method: 'POST', headers: { 'lambda-extension-name': 'worker' }, body: '{"events":["INVOKE"]}' });
  const id = { 'lambda-extension-identifier': headers.get('lambda-extension-identifier') };
  while (true) {
    const { requestId } = await (await fetch(base + 'event/next', { headers: id })).json();
    const jobId = requestId + '.1';
    say(requestId, 'job accepted', { jobId });
    for (let attempts = 1; ; attempts++) {
      const [code, signal] = await once(spawn('sleep', [attempts > 1 ? '0.3' : process.env.FIRST_ATTEMPT_S]), 'exit');
      if (code === 0) { say(requestId, 'job succeeded', { jobId, attempts }); break; }
      say(requestId, 'attempt ' + attempts + ' failed; the next one starts in 0 ms',
        { jobId, attempt: attempts, errorType: 'Killed', errorMessage: signal });
    }
  }
})();
`;

interface Setup
  extends Pick<LambdaOptions, 'isolation' | 'initializationType' | 'trackUnfinished'> {
  readonly extension?: boolean;
  /** How long the program of a job's first attempt runs. */
  readonly firstAttemptS?: number;
}

async function startRun({ extension = false, firstAttemptS = 0.3, ...options }: Setup = {}) {
  const recorder = new Recorder();
  const layers = extension ? [await folder({ 'extensions/worker': EXTENSION })] : [];
  const lambda = await startLocalLambda(
    {
      name: 'echo',
      code: await folder(CODE),
      handler: 'index.handler',
      layers,
      timeoutMs: 10_000,
      environment: { FIRST_ATTEMPT_S: `${firstAttemptS}` },
      ...options,
      onEvent: (event: LambdaEvent) => recorder.add({ ...event, functionName: 'echo' }),
    },
    { onPayload: (...payload) => recorder.addPayload(...payload) },
  );
  onTestFinished(() => lambda.close());
  const page = await startPage({ recorder, functions: () => new Map([['echo', lambda]]) });
  const invoke = async (event: unknown) => (await lambda.invoke(event)).environmentId;
  const all = () => recorder.entriesFrom(0).map(({ event }) => event);
  return {
    ...page,
    lambda,
    invoke,
    /** An environment that has answered a request, and is frozen. */
    async frozen() {
      const environmentId = await invoke({});
      await lambda.idle();
      return { functionName: 'echo', environmentId };
    },
    all,
    types: () => all().map(({ type }) => type as string),
    /** Resolves with the first event from now on that the condition holds for. */
    next: (condition: (event: RecordedEvent) => boolean) =>
      new Promise<RecordedEvent>((resolve) => {
        const stop = recorder.listen(({ event }) => {
          if (!condition(event)) return;
          stop();
          resolve(event);
        });
      }),
  };
}

/** With status 200, because a browser logs an error for each error status. */
const impossible = (message: RegExp) => ({
  status: 200,
  json: {
    code: 'ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE',
    message: expect.stringMatching(message),
  },
});

describe('what is pending', () => {
  it('is reported with its line while the function works', async () => {
    const { act, lambda, next, all } = await startRun({ trackUnfinished: true });
    const started = next(({ type }) => type === 'invoke.start');
    const answer = lambda.invoke({ ms: 3_000 });
    const { environmentId } = (await started) as LambdaEvent;

    // The handler is called a moment after the event, and nothing shows it.
    await expect
      .poll(
        async () => {
          await act({ action: 'show-pending', functionName: 'echo', environmentId });
          return all().findLast(({ type }) => type === 'pending');
        },
        { timeout: 3_000 },
      )
      .toMatchObject({
        work: [{ what: 'wait(): setTimeout 3,000 ms', at: expect.stringMatching(/^index\.js:2:/) }],
      });
    await answer;
  });

  it('is refused for a frozen environment, and without trackUnfinished', async () => {
    const { act, frozen } = await startRun();
    const environment = await frozen();
    const ask = () => act({ action: 'show-pending', ...environment });

    expect(await ask()).toMatchObject(impossible(/is frozen, so its function cannot answer/));
    await act({ action: 'thaw', ...environment });
    expect(await ask()).toMatchObject(impossible(/Start dev with --explain/));
  });
});

describe.each(isolations)('freeze and thaw by hand (%s)', (isolation) => {
  it('let a frozen environment run, and stop it again', async () => {
    const { act, frozen, all } = await startRun({ isolation });
    const environment = await frozen();

    expect(await act({ action: 'thaw', ...environment })).toMatchObject({ status: 200, json: {} });
    expect(await act({ action: 'freeze', ...environment })).toMatchObject({ status: 200 });

    expect(all().slice(-4)).toMatchObject([
      { type: 'thawed' },
      { type: 'action', ...environment, text: 'thaw' },
      { type: 'frozen' },
      { type: 'action', ...environment, text: 'freeze' },
    ]);
  });

  it('stop a request in the middle', async () => {
    const { act, lambda, next, all } = await startRun({ isolation });
    const started = next(({ type }) => type === 'invoke.start');
    const answer = lambda.invoke({ ms: 1_500 });
    const { environmentId } = (await started) as LambdaEvent;
    const environment = { functionName: 'echo', environmentId };

    await act({ action: 'freeze', ...environment });
    // Longer than the request takes: what does not happen has no event.
    await delay(1_700);
    expect(all().some(({ type }) => type === 'response')).toBe(false);
    await act({ action: 'thaw', ...environment });

    expect((await answer).payload.toString()).toBe('{"echo":{"ms":1500}}');
  });

  it('say when there is nothing to do', async () => {
    const { act, frozen } = await startRun({ isolation });
    const environment = await frozen();

    expect(await act({ action: 'freeze', ...environment })).toMatchObject(
      impossible(/^Nothing was done: the environment is frozen already\.$/),
    );
    await act({ action: 'thaw', ...environment });
    expect(await act({ action: 'thaw', ...environment })).toMatchObject(
      impossible(/the environment is not frozen/),
    );
  });

  it('leave an environment that takes requests as before', async () => {
    const { act, frozen, invoke } = await startRun({ isolation });
    const environment = await frozen();

    await act({ action: 'thaw', ...environment });

    expect(await invoke({})).toBe(environment.environmentId);
  });
});

it('environments on Managed Instances are never frozen, and can be ended', async () => {
  const { act, frozen, all } = await startRun({ initializationType: 'lambda-managed-instances' });
  const environment = await frozen();

  for (const action of ['freeze', 'thaw']) {
    expect(await act({ action, ...environment })).toMatchObject(impossible(/are never frozen/));
  }
  await act({ action: 'shutdown', ...environment, reason: 'spindown' });

  expect(all()).toContainEqual(expect.objectContaining({ type: 'shutdown.start' }));
});

describe('kill', () => {
  it('ends the runtime: the next request is told', async () => {
    const { act, frozen, lambda, all } = await startRun();
    const environment = await frozen();

    expect(await act({ action: 'kill', ...environment, process: 'runtime' })).toMatchObject({
      status: 200,
    });

    expect(all().at(-1)).toMatchObject({ type: 'action', text: 'kill the runtime' });
    expect((await lambda.invoke({})).functionError).toBe('Unhandled');
  });

  it('ends an extension', async () => {
    const { act, frozen, lambda, all } = await startRun({ extension: true });
    const environment = await frozen();

    await act({ action: 'kill', ...environment, process: { extension: 'worker' } });
    await lambda.invoke({});

    expect(all()).toContainEqual(expect.objectContaining({ type: 'crash', process: 'worker' }));
  });

  it('says when there is no such process', async () => {
    const { act, frozen } = await startRun();

    const answer = await act({
      action: 'kill',
      ...(await frozen()),
      process: { extension: 'other' },
    });

    expect(answer).toMatchObject(
      impossible(/the extension other does not run in this environment now/),
    );
  });
});

describe('shutdown', () => {
  it.each(['spindown', 'timeout', 'failure'])(
    'of a frozen environment has the reason %s',
    async (reason) => {
      const { act, frozen, all, invoke } = await startRun();
      const environment = await frozen();

      await act({ action: 'shutdown', ...environment, reason });

      expect(all()).toContainEqual(expect.objectContaining({ type: 'shutdown.start', reason }));
      expect(await invoke({})).not.toBe(environment.environmentId);
    },
  );

  it.each(['timeout', 'failure'])('of one that works ends its request: %s', async (reason) => {
    const { act, lambda, next } = await startRun();
    const started = next(({ type }) => type === 'invoke.start');
    const answer = lambda.invoke({ ms: 9_000 });
    const { environmentId } = (await started) as LambdaEvent;
    const ended = next(({ type }) => type === 'shutdown.start');

    await act({ action: 'shutdown', functionName: 'echo', environmentId, reason });

    expect((await answer).functionError).toBe('Unhandled');
    expect(await ended).toMatchObject({ reason });
  });

  it('reaches the extensions of one that was frozen by hand', async () => {
    const { act, lambda, next, all } = await startRun();
    const started = next(({ type }) => type === 'invoke.start');
    const answer = lambda.invoke({ ms: 9_000 });
    const { environmentId } = (await started) as LambdaEvent;
    const environment = { functionName: 'echo', environmentId };
    await act({ action: 'freeze', ...environment });
    const ended = next(({ type }) => type === 'shutdown.done');

    await act({ action: 'shutdown', ...environment, reason: 'failure' });

    expect((await answer).functionError).toBe('Unhandled');
    await ended;
    expect(
      all()
        .map(({ type }) => type)
        .filter((type) => /frozen|thawed|shutdown/.test(type)),
    ).toEqual(['frozen', 'thawed', 'shutdown.start', 'shutdown.done']);
  });

  it('of one that works cannot be a spindown', async () => {
    const { act, lambda, next } = await startRun();
    const started = next(({ type }) => type === 'invoke.start');
    const answer = lambda.invoke({ ms: 1_500 });
    await started;

    expect(
      await act({ action: 'shutdown', functionName: 'echo', reason: 'spindown' }),
    ).toMatchObject(
      impossible(/Lambda retires only one that is idle.* use the reason failure or timeout/),
    );
    await answer;
  });

  it('without an environment says so', async () => {
    const { act } = await startRun();

    expect(
      await act({ action: 'shutdown', functionName: 'echo', reason: 'spindown' }),
    ).toMatchObject(impossible(/the function has no environment/));
  });
});

it('invoke sends an event, and what came of it is recorded', async () => {
  const { act, next, recorder } = await startRun();
  const responded = next(({ type }) => type === 'invoke.end');

  await act({ action: 'invoke', functionName: 'echo', event: { n: 1 } });

  const { requestId = '' } = (await responded) as LambdaEvent;
  expect(recorder.payloadsOf(requestId)).toMatchObject({
    event: { text: '{"n":1}' },
    response: { text: '{"echo":{"n":1}}' },
  });
});

describe.each(isolations)('the next attempt of a job (%s)', (isolation) => {
  it('can be made to fail', async () => {
    const { act, frozen, invoke, next, all } = await startRun({
      extension: true,
      firstAttemptS: 2,
      isolation,
    });
    const environment = await frozen();

    await act({ action: 'fail-next-attempt', ...environment });
    const ended = next(({ type }) => type === 'job.ended');
    await invoke({});
    await ended;

    expect(all().slice(-8)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'action', text: 'fail the attempt' }),
        expect.objectContaining({
          type: 'job.retry',
          error: { type: 'Killed', message: 'SIGKILL' },
        }),
        expect.objectContaining({ type: 'job.ended', status: 'succeeded', attempts: 2 }),
      ]),
    );
  });

  it('can be delayed while it runs', async () => {
    const { act, frozen, invoke, next } = await startRun({
      extension: true,
      firstAttemptS: 2,
      isolation,
    });
    const environment = await frozen();
    const began = next(({ type }) => type === 'job.attempt');
    await invoke({});
    const { at } = await began;
    const ended = next(({ type }) => type === 'job.ended');

    await act({ action: 'delay-next-attempt', ...environment, delayMs: 3_000 });

    expect((await ended).at - at).toBeGreaterThanOrEqual(3_000);
  });

  it('goes on at the thaw when its delay ends in a frozen environment', async () => {
    const { act, frozen, invoke, next } = await startRun({ extension: true, isolation });
    const environment = await frozen();
    const began = next(({ type }) => type === 'job.attempt');
    await invoke({});
    await began;
    const ended = next(({ type }) => type === 'job.ended');

    await act({ action: 'delay-next-attempt', ...environment, delayMs: 100 });
    await act({ action: 'freeze', ...environment });
    // The delay ends; what is frozen has no event for that.
    await delay(200);
    await act({ action: 'thaw', ...environment });

    expect(await ended).toMatchObject({ status: 'succeeded', attempts: 1 });
  });

  it('has no program to stop where an extension starts none', async () => {
    const { act, frozen, recorder } = await startRun();
    const environment = await frozen();
    await act({ action: 'fail-next-attempt', ...environment });
    const told = new Promise<string>((resolve) => {
      recorder.listen(({ event }) => {
        if (event.type === 'action') resolve(event.text);
      });
    });

    recorder.add({
      at: Date.now(),
      ...environment,
      type: 'log',
      source: 'extension',
      line: 'T\tr\tINFO\t[other] job accepted {"jobId":"r.1"}',
    });

    expect(await told).toMatch(/^fail the attempt: Nothing was done: no extension .* has started/);
  });
});

it.each([
  [{}, 'there is no action'],
  [{ action: 'explode' }, 'there is no action "explode"'],
  [{ action: 'freeze', functionName: 'echo' }, 'environmentId is missing'],
  [{ action: 'freeze', environmentId: 'e' }, 'functionName is missing'],
  [{ action: 'kill', functionName: 'echo', environmentId: 'e', process: 'all' }, 'process must be'],
  [{ action: 'shutdown', functionName: 'echo', reason: 'boredom' }, 'reason must be one of'],
  [
    { action: 'delay-next-attempt', functionName: 'echo', environmentId: 'e', delayMs: -1 },
    'delayMs must be',
  ],
])('%j is no action', async (action, problem) => {
  const { act } = await startPage();

  expect(await act(action)).toMatchObject({
    status: 400,
    json: { code: 'ASYNC_HTTP_EMULATOR_ACTION_INVALID', message: expect.stringContaining(problem) },
  });
});

it.each([
  [{ functionName: 'nobody', environmentId: 'e' }, 'FUNCTION_UNKNOWN'],
  [{ functionName: 'echo', environmentId: 'gone' }, 'ENVIRONMENT_UNKNOWN'],
])('%j is not there', async (where, code) => {
  const { act } = await startRun();

  expect(await act({ action: 'freeze', ...where })).toMatchObject({
    status: 200,
    json: { code: `ASYNC_HTTP_EMULATOR_${code}` },
  });
});

it('destinations cannot be down where none is local', async () => {
  const { act } = await startPage();

  expect(await act({ action: 'destination-down', isDown: true })).toMatchObject(
    impossible(/no service of AWS is local here/),
  );
});
