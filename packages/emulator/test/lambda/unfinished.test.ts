import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type LambdaOptions, startLambda } from '../../src/index.ts';
import { renderEvent } from '../../src/report/render-event.ts';

// What people lose on Lambda: see fixtures/unfinished/index.mjs, whose lines are named here.

let fast: Server;
let silent: Server;
beforeAll(async () => {
  const listen = (server: Server) =>
    new Promise<Server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
  fast = await listen(createServer((request, response) => response.end(request.resume() && 'ok')));
  silent = await listen(createServer(() => {}));
});
afterAll(() => {
  for (const server of [fast, silent]) {
    server.closeAllConnections();
    server.close();
  }
});

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function start(handler: string, options: Partial<LambdaOptions> = {}) {
  const lambda = await startLambda({
    code: join(import.meta.dirname, '../fixtures/unfinished'),
    handler: `index.${handler}`,
    environment: { FAST: urlOf(fast), SILENT: urlOf(silent) },
    trackUnfinished: true,
    ...options,
  });
  onTestFinished(() => lambda.close());
  return lambda;
}

describe.each(['nodejs24.x', 'nodejs22.x'] as const)('on %s, at the freeze', (runtime) => {
  it.each([
    ['forgottenAwait', 'request', /^track\(\): POST http:\/\/127\.0\.0\.1:\d+\/track$/, 13],
    ['forgottenFetch', 'request', /^GET http:\/\/127\.0\.0\.1:\d+\/$/, 18],
    ['forgottenHttp', 'request', /^get\(\): GET http:\/\/127\.0\.0\.1:\d+\/$/, 23],
    ['timerAfterReply', 'timer', /^setTimeout 5,000 ms$/, 28],
    ['afterSteps', 'timer', /^save\(\): setTimeout 60,000 ms$/, 38],
    ['batched', 'timer', /^add\(\): setTimeout 10,000 ms$/, 64],
    ['neverSettles', 'promise', /^waitForEver\(\)$/, 75],
  ])('%s has a %s unfinished, with the line that started it', async (name, kind, what, line) => {
    const lambda = await start(name, { runtime });

    const { requestId } = await lambda.invoke({});

    expect(await lambda.unfinished()).toEqual([
      {
        id: expect.any(Number),
        kind,
        what: expect.stringMatching(what),
        at: expect.stringMatching(new RegExp(`^index\\.mjs:${line}:\\d+$`)),
        stack: expect.stringContaining(`${name} (index.mjs:${line}:`),
        requestId,
        ageMs: expect.any(Number),
      },
    ]);
  });

  it.each([
    ['clean', 'awaited requests whose connections are kept open'],
    ['batchedAndFlushed', 'a batch that was sent'],
    ['unreadBody', 'an answer whose body was not read'],
    ['clearedTimer', 'a timer that was cleared'],
    ['doesNothing', 'an interval of the module'],
  ])('%s has nothing unfinished: %s', async (name) => {
    const lambda = await start(name, { runtime });

    for (let n = 0; n < 2; n += 1) await lambda.invoke({});

    expect(await lambda.unfinished()).toEqual([]);
  });
});

describe('after the thaw, unfinished work', () => {
  it('that still waits is reported again, beside what a second request has left', async () => {
    const lambda = await start('timerAfterReply');
    const first = await lambda.invoke({});
    await lambda.idle();

    const second = await lambda.invoke({});

    expect((await lambda.unfinished()).map(({ requestId }) => requestId)).toEqual([
      first.requestId,
      second.requestId,
    ]);
    expect(lambda.timeline.findLast(({ type }) => type === 'resumed')).toMatchObject({
      work: [{ outcome: 'still pending', requestId: second.requestId }],
    });
  });

  it('that ends is reported with the time that it was frozen', async () => {
    const lambda = await start('shortTimer');
    await lambda.invoke({});
    const [unfinished] = await lambda.unfinished();

    await lambda.invoke({ waitMs: 100 });
    await lambda.idle();

    const resumed = lambda.timeline.find(({ type }) => type === 'resumed');
    expect(resumed).toMatchObject({
      work: [{ id: unfinished?.id, what: 'setTimeout 60 ms', outcome: 'finished' }],
    });
  });

  it('whose connection has died meanwhile is reported as failed, with the error', async () => {
    const lambda = await start('forgottenHttp');
    await lambda.invoke({});
    await lambda.idle();
    silent.closeAllConnections();

    await lambda.invoke({ waitMs: 100 });
    await lambda.idle();

    const resumed = lambda.timeline.find(({ type }) => type === 'resumed');
    expect(resumed).toMatchObject({
      work: [{ outcome: 'failed', message: 'Error: socket hang up' }],
    });
  });

  it('has another id when the process of the function has started again', async () => {
    const lambda = await start('timerAfterReply');
    await lambda.invoke({});
    const [first] = await lambda.unfinished();
    await lambda.kill('runtime');
    await lambda.invoke({});
    await lambda.invoke({});

    const ids = (await lambda.unfinished()).map(({ id }) => id);
    expect(ids).not.toContain(first?.id);
  });

  it('is lost when its environment ends', async () => {
    const lambda = await start('timerAfterReply');
    await lambda.invoke({});

    await lambda.shutdown();

    expect(lambda.timeline.find(({ type }) => type === 'resumed')).toMatchObject({
      work: [{ what: 'setTimeout 5,000 ms', outcome: 'lost' }],
    });
    expect(await lambda.unfinished()).toHaveLength(1);
  });
});

it('names the line of TypeScript in a bundle', async () => {
  const folder = join(import.meta.dirname, '../fixtures/unfinished-bundle');
  const entries = [{ source: join(folder, 'src/api.ts'), module: 'src/api' }];
  const lambda = await start('', {
    handler: 'src/api.handler',
    code: folder,
    bundle: { folder, options: {}, isExplicit: false, entries },
  });

  await lambda.invoke({});

  expect(await lambda.unfinished()).toMatchObject([
    { what: 'later(): setTimeout 5,000 ms', at: expect.stringMatching(/src\/api\.ts:11:\d+$/) },
  ]);
});

it('is asked for: without trackUnfinished, unfinished() says so', async () => {
  const lambda = await start('doesNothing', { trackUnfinished: false });

  await expect(lambda.unfinished()).rejects.toMatchObject({
    code: 'ASYNC_HTTP_EMULATOR_NOT_TRACKED',
  });
});

it('a function that keeps its thread busy is said to be unseen, and is frozen all the same', async () => {
  const lambda = await start('blocksAfterReply');

  await lambda.invoke({});

  expect(await lambda.unfinished()).toMatchObject([
    { kind: 'other', what: expect.stringContaining('keeps its thread busy') },
  ]);
});

it('is a line of the timeline', () => {
  const at = { at: 0, environmentId: '1', functionName: 'api' };
  const work = { id: 1, what: 'track()', at: 'src/api.ts:41:3' };
  const lines = [
    ...renderEvent(
      { ...at, type: 'unfinished', work: [{ ...work, kind: 'promise', ageMs: 3 }] },
      { verbose: false, responses: false },
    ),
    ...renderEvent(
      {
        ...at,
        type: 'resumed',
        work: [{ ...work, outcome: 'failed', message: 'Error: closed', frozenMs: 40_000 }],
      },
      { verbose: false, responses: false },
    ),
  ];

  expect(lines.map(({ text }) => text)).toEqual([
    'unfinished: track(), started 3 ms ago at src/api.ts:41:3',
    'track() of src/api.ts:41:3 was frozen for 40,000 ms; failed: Error: closed',
  ]);
});
