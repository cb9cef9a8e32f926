import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Lambda } from '../../src/index.ts';
import { renderEvent } from '../../src/report/render-event.ts';
import { projectFolder } from '../project/project-folder.ts';
import { folder } from '../support/layer.ts';
import { oneRuntime } from '../support/start.ts';
import { silent, startTracked as start } from './start-tracked.ts';

// What people lose on Lambda: see fixtures/unfinished/index.mjs, whose lines are named here.

describe.each(oneRuntime)('on %s, at the freeze', (runtime) => {
  it.each([
    ['forgottenAwait', 'request', /^track\(\): POST http:\/\/127\.0\.0\.1:\d+\/track$/, 15],
    ['forgottenFetch', 'request', /^GET http:\/\/127\.0\.0\.1:\d+\/$/, 20],
    ['forgottenHttp', 'request', /^get\(\): GET http:\/\/127\.0\.0\.1:\d+\/$/, 25],
    ['timerAfterReply', 'timer', /^setTimeout 5,000 ms$/, 30],
    ['afterSteps', 'timer', /^save\(\): setTimeout 60,000 ms$/, 40],
    ['batched', 'timer', /^add\(\): setTimeout 10,000 ms$/, 66],
    ['neverSettles', 'promise', /^waitForEver\(\)$/, 77],
    ['forgottenInLoop', 'timer', /^step\(\): setTimeout 60,000 ms$/, 150],
    ['tlsConnection', 'socket', /^connect\(\): socket/, 155],
    ['http2Request', 'request', /^request\(\): GET http:\/\/127\.0\.0\.1:\d+\/track$/, 161],
    ['immediates', 'timer', /^again\(\): setImmediate$/, 167],
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
    ['streaming', 'a stream that has ended'],
    ['ownAgent', 'a connection that an agent of the function keeps open'],
    ['fetchWithLimit', 'the time limit of a request that was answered'],
  ])('%s has nothing unfinished: %s', async (name) => {
    const lambda = await start(name, { runtime });

    for (let n = 0; n < 2; n += 1) await lambda.invoke({});

    expect(await lambda.unfinished()).toEqual([]);
  });
});

describe('the line that is named', () => {
  const linesOf = async (handler: string, event: unknown = {}, options = {}) => {
    const lambda = await start(handler, options);
    await lambda.invoke(event);
    return (await lambda.unfinished()).map(({ what, at }) => `${what} at ${at}`);
  };

  it('is in the handler, and not in a function that wraps it', async () => {
    expect(await linesOf('wrapped')).toEqual([
      'save(): setTimeout 60,000 ms at index.mjs:129:3',
      'setTimeout 5,000 ms at index.mjs:130:3',
    ]);
  });

  it('is where the await is missing, when the caller has awaited its own', async () => {
    expect(await linesOf('forgottenInside')).toEqual([
      'save(): setTimeout 60,000 ms at index.mjs:136:3',
    ]);
  });

  it.each([
    ['/sync', 'setTimeout 5,000 ms at index.js:6:3'],
    ['/async', 'track(): setTimeout 6,000 ms at index.js:11:9'],
  ])(
    'is in the route %s after res.json(), not where the framework is called',
    async (path, line) => {
      const code = projectFolder({
        'node_modules/routes/index.js': `module.exports = () => {
  const routes = new Map();
  const app = (request, response) => routes.get(request.path)(request, response);
  app.get = (path, route) => routes.set(path, route);
  return app;
};`,
        'node_modules/adapter/index.js': `module.exports = (app) => async (event) => {
  await null;
  return new Promise((resolve) => app(event, { json: (body) => resolve({ statusCode: 200, body }) }));
};`,
        'index.js': `const app = require('routes')();
const adapter = require('adapter')(app);
const sleep = require('node:timers/promises').setTimeout;
app.get('/sync', (request, response) => {
  response.json('{}');
  setTimeout(() => {}, 5000);
});
app.get('/async', async (request, response) => {
  await sleep(1);
  response.json('{}');
  await track();
});
async function track() {
  await sleep(6000);
}
exports.handler = async (event) => adapter(event);`,
      });

      expect(await linesOf('handler', { path }, { code })).toEqual([line]);
    },
  );

  it('is one for what starts at one line, and the list ends with how many more there are', async () => {
    const timers = Array.from({ length: 60 }, () => 'setTimeout(() => {}, 5000);').join('\n');
    const code = projectFolder({ 'index.js': `exports.handler = async () => {\n${timers}\n};` });

    const lines = await linesOf('handler', {}, { code });

    expect(lines).toHaveLength(50);
    expect(new Set(lines)).toContain('setTimeout 5,000 ms at index.js:2:1');
    expect(lines.at(-1)).toMatch(/^11 more, which are not listed/);
  });
});

describe('a handler with a callback', () => {
  it('has nothing unfinished when it has called it', async () => {
    const lambda = await start('withCallback', { runtime: 'nodejs22.x' });

    for (let n = 0; n < 2; n += 1) await lambda.invoke({});

    expect(await lambda.unfinished()).toEqual([]);
  });

  it('leaves its work to the request that has started it, not to the one before', async () => {
    const lambda = await start('withCallbackForgets', { runtime: 'nodejs22.x' });

    const first = await lambda.invoke({});
    const second = await lambda.invoke({});

    expect(await lambda.unfinished()).toMatchObject([
      { at: 'index.mjs:197:5', requestId: first.requestId },
      { at: 'index.mjs:197:5', requestId: second.requestId },
    ]);
  });
});

/** An extension that waits for its events, and ends when it gets SHUTDOWN. */
const quietExtension = () =>
  folder({
    'extensions/quiet': `#!/usr/bin/env node
const url = \`http://\${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension\`;
const call = (path, options) => fetch(\`\${url}/\${path}\`, options);
const body = JSON.stringify({ events: ['INVOKE', 'SHUTDOWN'] });
const registered = await call('register', { method: 'POST', headers: { 'lambda-extension-name': 'quiet' }, body });
const headers = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier') };
while ((await (await call('event/next', { headers })).json()).eventType !== 'SHUTDOWN') {}
`,
  });

/** Of all that was unfinished at a freeze. */
const outcomesOf = ({ timeline }: Lambda) =>
  timeline.flatMap((event) =>
    event.type === 'resumed'
      ? event.work.map(({ outcome, inShutdown }) => ({
          outcome,
          ...(inShutdown && { inShutdown }),
        }))
      : [],
  );

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

    await lambda.invoke({ waitMs: 1_100 });
    await lambda.idle();

    const resumed = lambda.timeline.find(({ type }) => type === 'resumed');
    expect(resumed).toMatchObject({
      work: [{ id: unfinished?.id, what: 'setTimeout 1,000 ms', outcome: 'finished' }],
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

  it.each([
    ['flushesAndExits', 'the process exits'],
    ['flushesAndStays', 'the process waits to be killed'],
  ])('that ends at SIGTERM is finished, in SHUTDOWN: %s', async (handler) => {
    const lambda = await start(handler, { layers: [await quietExtension()] });
    await lambda.invoke({});

    await lambda.shutdown();

    expect(outcomesOf(lambda)).toEqual([{ outcome: 'finished', inShutdown: true }]);
  });

  it('that has ended before its process exited is finished', async () => {
    const lambda = await start('endsByItself');
    await lambda.invoke({});
    await lambda.idle();

    await lambda.invoke({ exit: true });
    await lambda.idle();

    expect(outcomesOf(lambda)).toEqual([{ outcome: 'finished' }]);
  });

  it('is unknown when its process was killed before it could be asked', async () => {
    const lambda = await start('killedWhileItRuns');
    await lambda.invoke({});
    await lambda.idle();

    await lambda.invoke({ kill: true });
    await lambda.idle();

    expect(outcomesOf(lambda)).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('that was not seen is not said to be lost', async () => {
    const lambda = await start('blocksAfterReply');
    await lambda.invoke({});
    await lambda.idle();

    await lambda.shutdown();

    expect(lambda.timeline.some(({ type }) => type === 'unfinished')).toBe(true);
    expect(lambda.timeline.some(({ type }) => type === 'resumed')).toBe(false);
  });
});

it('names the line of TypeScript in a bundle, relative to the project', async () => {
  const folder = join(import.meta.dirname, '../fixtures/unfinished-bundle');
  const entries = [{ source: join(folder, 'src/api.ts'), module: 'src/api' }];
  const lambda = await start('', {
    handler: 'src/api.handler',
    code: folder,
    bundle: { folder, options: {}, isExplicit: false, entries },
  });

  await lambda.invoke({});

  expect(await lambda.unfinished()).toMatchObject([
    {
      what: 'later(): setTimeout 5,000 ms',
      at: expect.stringMatching(/^src\/api\.ts:11:\d+$/),
      stack: expect.stringMatching(/^\w+ \(src\/api\.ts:/),
    },
  ]);
});

it('names a source file beside the project, as in a workspace, on the way from there', async () => {
  const workspace = projectFolder({
    'shared/later.ts': 'export const later = () => void setTimeout(() => {}, 5_000);',
    'api/index.ts': `import { later } from '../shared/later.ts';
export const handler = async () => later();`,
  });
  const folder = join(workspace, 'api');
  const entries = [{ source: join(folder, 'index.ts'), module: 'index' }];
  const lambda = await start('handler', {
    code: folder,
    bundle: { folder, options: {}, isExplicit: false, entries },
  });

  await lambda.invoke({});

  expect(await lambda.unfinished()).toMatchObject([
    { at: 'index.ts:2:36', stack: expect.stringContaining('(../shared/later.ts:1:') },
  ]);
});

describe('the AWS SDK, bundled', () => {
  const folder = join(import.meta.dirname, '../fixtures/unfinished-bundle');
  const entries = [{ source: join(folder, 'src/queue.ts'), module: 'src/queue' }];
  const startQueue = (handler: string) =>
    start('', {
      handler: `src/queue.${handler}`,
      code: folder,
      bundle: { folder, options: {}, isExplicit: false, entries },
    });

  it('has a batch unfinished that is not awaited, with the line of the function', async () => {
    const lambda = await startQueue('forgets');

    await lambda.invoke({});

    expect(await lambda.unfinished()).toMatchObject([
      {
        kind: 'request',
        what: expect.stringMatching(/^flush\(\): POST http:\/\/127\.0\.0\.1:\d+\/$/),
        at: expect.stringMatching(/^src\/queue\.ts:20:\d+$/),
      },
    ]);
  });

  it('has nothing unfinished when the batch was awaited, though it keeps its connection', async () => {
    const lambda = await startQueue('awaits');

    for (let n = 0; n < 2; n += 1) await lambda.invoke({});

    expect(await lambda.unfinished()).toEqual([]);
  });
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
        work: [
          { ...work, outcome: 'failed', message: 'Error: closed', frozenMs: 40_000 },
          { ...work, outcome: 'finished', inShutdown: true, frozenMs: 40_000 },
          { ...work, outcome: 'unknown', frozenMs: 40_000 },
        ],
      },
      { verbose: false, responses: false },
    ),
  ];

  expect(lines.map(({ text }) => text)).toEqual([
    'unfinished: track(), started 3 ms ago at src/api.ts:41:3',
    'track() of src/api.ts:41:3 was frozen for 40,000 ms; failed: Error: closed',
    'track() of src/api.ts:41:3 was frozen for 40,000 ms; finished in SHUTDOWN',
    'track() of src/api.ts:41:3 was frozen for 40,000 ms; its process ended before it could be seen what became of it',
  ]);
});
