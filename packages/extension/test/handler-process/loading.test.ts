import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { EVERY_NODE_PROGRAM } from '../fixtures/node-programs.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const HANDLERS = join(FIXTURES, 'handlers');

/** What is wrong with a handler, and how the refusal names it. */
const FAILURES = [
  [
    'its file is missing',
    'nope.handler',
    'Runtime.ImportModuleError',
    `there is no ${HANDLERS}/nope.js`,
  ],
  [
    'its path leads upwards',
    '../index.handler',
    'Runtime.MalformedHandlerName',
    'is not a valid handler name',
  ],
  ['it is empty', '', 'Runtime.MalformedHandlerName', 'Bad handler'],
  [
    'its export is missing',
    'echoes.nope',
    'Runtime.HandlerNotFound',
    'echoes.nope is undefined or not exported',
  ],
  [
    'its export is not a function',
    'exports-much.notAFunction',
    'Runtime.HandlerNotFound',
    'is not a function',
  ],
  [
    'its module is named, and exports no function',
    'echoes',
    'Runtime.HandlerNotFound',
    "like 'echoes.handler'",
  ],
  [
    'it has a syntax error',
    `${FIXTURES}/broken/syntax.handler`,
    'Runtime.UserCodeSyntaxError',
    `(at ${FIXTURES}/broken/syntax.mjs:2)`,
  ],
  [
    'it has a syntax error, in CommonJS',
    `${FIXTURES}/broken/syntax-cjs.handler`,
    'Runtime.UserCodeSyntaxError',
    `(at ${FIXTURES}/broken/syntax-cjs.cjs:2)`,
  ],
  [
    'it is an ES module in a CommonJS package',
    `${FIXTURES}/broken/es-module-cjs.handler`,
    'Runtime.UserCodeSyntaxError',
    'set "type": "module" in package.json, let its name end in .mjs',
  ],
  [
    'it requires a missing package',
    'requires-missing.handler',
    'Runtime.ImportModuleError',
    `(at ${HANDLERS}/requires-missing.cjs:1)`,
  ],
  [
    'it imports a missing package',
    'imports-missing.handler',
    'Error',
    "Cannot find package 'a-package-that-is-not-there'",
  ],
  [
    'it throws',
    'throws-while-loading.handler',
    'TypeError',
    `no database (at ${HANDLERS}/throws-while-loading.mjs:1)`,
  ],
  [
    'it leaves a rejection unhandled',
    'rejects-while-loading.handler',
    'Runtime.UnhandledPromiseRejection',
    'nobody awaits this',
  ],
  [
    'it exits',
    'exits-while-loading.handler',
    'Runtime.ExitError',
    'The handler process ended: exit status 3',
  ],
  [
    'it awaits what can never happen',
    'waits-for-nothing.handler',
    'Runtime.NodeJsExit',
    'top-level await',
  ],
  [
    'it streams a response',
    'streams.handler',
    'Runtime.MalformedStreamingHandler',
    'Export a plain async',
  ],
  [
    'it takes a callback',
    'takes-callback.handler',
    'Runtime.CallbackHandlerDeprecated',
    'declares 3 parameters',
  ],
] as const;

describe.each(EVERY_NODE_PROGRAM)('a handler that cannot be loaded on Node.js $major', (node) => {
  it.each(FAILURES)(
    'is refused with the reason, logged once: %s',
    async (_, handler, errorType, text) => {
      const handlers = handlerProcess(handler, { node });

      await expect(handlers.ready()).rejects.toMatchObject({
        code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
        errorType,
        message: expect.stringContaining(text),
      });
      await expect(handlers.ready()).rejects.toThrow(text);

      expect(handlers.logged.filter(({ level }) => level === 'error')).toEqual([
        {
          level: 'error',
          message: expect.stringContaining(text),
          fields: expect.objectContaining({ errorType }),
        },
      ]);
    },
  );

  it('is refused when it does not load within the limit', async () => {
    const handlers = handlerProcess('never-loads.handler', { node, loadTimeoutMs: 300 });

    await expect(handlers.ready()).rejects.toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'It did not finish loading within 300 ms',
    });
  });

  it('fails a job that is run all the same', async () => {
    const handlers = handlerProcess('throws-while-loading.handler', { node });

    expect(await handlers.run(attempt({}))).toMatchObject({
      status: 'failed',
      cause: 'process',
      errorType: 'TypeError',
      errorMessage: 'no database',
      retriable: true,
    });
  });

  it('is loaded anew at the next call, which may succeed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const MARKER = join(folder, 'marker');
    const handlers = handlerProcess('loads-at-second-try.handler', { node, env: { MARKER } });

    await expect(handlers.ready()).rejects.toThrow('first try');
    await handlers.ready();

    expect(await handlers.run(attempt({}))).toMatchObject({ result: '"loaded"' });
  });

  it('is refused with the file that NODE_OPTIONS name when that cannot be loaded', async () => {
    const NODE_OPTIONS = `--require ${FIXTURES}/throws-when-required.cjs`;
    const handlers = handlerProcess('echoes.handler', { node, env: { NODE_OPTIONS } });

    await expect(handlers.ready()).rejects.toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: `'--require ${FIXTURES}/throws-when-required.cjs' in NODE_OPTIONS cannot be loaded: Error: an agent that does not start`,
      message: expect.stringContaining(`(at ${FIXTURES}/throws-when-required.cjs:1)`),
    });
    expect(handlers.printed()).toBe('');
  });

  it('is refused with what Node.js prints, once, when the NODE_OPTIONS of the user end it', async () => {
    const env = { NODE_OPTIONS: '--no-such-option' };
    const handlers = handlerProcess('echoes.handler', { node, env });

    await expect(handlers.ready()).rejects.toMatchObject({
      errorType: 'Runtime.ExitError',
      stackTrace: [expect.stringContaining('--no-such-option is not allowed in NODE_OPTIONS')],
    });
    expect(handlers.printed()).toBe('');
  });

  it('is reported without the frames of Node.js and of our own program below the user’s', async () => {
    const handlers = handlerProcess('throws-while-loading.handler', { node });

    await expect(handlers.ready()).rejects.toMatchObject({
      stackTrace: ['TypeError: no database', expect.stringContaining('throws-while-loading.mjs:1')],
    });
  });
});

it.each([
  ['the Node.js program is missing', { nodeProgram: '/proc/nowhere/node' }],
  ['the working directory is missing', { cwd: '/proc/nowhere' }],
])('a handler process that cannot be started is a refusal, not a crash: %s', async (_, options) => {
  const handlers = handlerProcess('echoes.handler', options);

  handlers.ready().catch(() => {});

  await expect(handlers.ready()).rejects.toMatchObject({ errorType: 'Runtime.InvalidEntrypoint' });
  await handlers.kill();
});
