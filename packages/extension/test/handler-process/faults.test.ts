import { describe, expect, it } from 'vitest';
import { attempt, bytesOf, handlerProcess } from '../fixtures/handler-process.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

/** What a handler does, and how its attempt ends. */
const FAULTS = [
  {
    fault: 'throws',
    handler: 'throws.handler',
    outcome: { cause: 'handler', errorType: 'TypeError', errorMessage: 'thrown at once' },
  },
  {
    fault: 'rejects',
    handler: 'rejects.handler',
    outcome: { cause: 'handler', errorType: 'RangeError', errorMessage: 'rejected' },
  },
  {
    fault: 'throws what is not an error',
    handler: 'throws-text.handler',
    outcome: { cause: 'handler', errorType: 'string', errorMessage: 'just text' },
  },
  {
    fault: 'throws what cannot be read',
    handler: 'throws-unreadable.handler',
    outcome: { cause: 'handler', errorType: 'handled' },
  },
  {
    fault: 'throws later',
    handler: 'throws-later.handler',
    outcome: { cause: 'process', errorType: 'TypeError', errorMessage: 'thrown later' },
  },
  {
    fault: 'leaves a rejection unhandled',
    handler: 'rejects-elsewhere.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'RangeError: nobody awaits this',
    },
  },
  {
    fault: 'leaves a rejection with text unhandled',
    handler: 'rejects-elsewhere-with-text.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'just "text"',
    },
  },
  {
    fault: 'exits with 1',
    handler: 'exits.handler',
    event: { code: 1 },
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: 'The handler process ended: exit status 1',
    },
  },
  {
    fault: 'exits with 0',
    handler: 'exits.handler',
    event: { code: 0 },
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: 'The handler process ended: exit status 0',
    },
  },
  {
    fault: 'calls process.exit() and does not end',
    handler: 'exits-forever.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: 'The handler process ended: signal: killed',
    },
  },
  {
    fault: 'calls process.abort()',
    handler: 'aborts.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: 'The handler process ended: signal: aborted',
    },
  },
  {
    fault: 'is killed',
    handler: 'kills-itself.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: 'The handler process ended: signal: killed',
    },
  },
  {
    fault: 'exhausts the heap',
    handler: 'exhausts-heap.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.OutOfMemory',
      errorMessage: 'The handler process ran out of JavaScript heap memory (signal: aborted)',
    },
  },
  {
    fault: 'closes the pipe to the extension',
    handler: 'closes-fd-3.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage:
        'The handler process was killed, since it closed its connection to the extension (file descriptor 3)',
    },
  },
  {
    fault: 'writes to the pipe to the extension',
    handler: 'writes-garbage-to-fd-3.handler',
    outcome: {
      cause: 'process',
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('cannot be read'),
    },
  },
];

describe.each(NODE_PROGRAMS)('on Node.js $major', (node) => {
  describe.each(FAULTS)('a handler that $fault', ({ handler, event = {}, outcome }) => {
    // To fill a heap twice takes half a minute on a busy machine.
    it('ends one attempt with the reason, and the next job runs', {
      timeout: 120_000,
    }, async () => {
      const handlers = handlerProcess(handler, { node, memoryMiB: 128 });

      const expected = { status: 'failed', retriable: true, ...outcome };
      expect(await handlers.run(attempt(event))).toMatchObject(expected);
      expect(await handlers.run(attempt(event))).toMatchObject(expected);
      await handlers.ready();
    });
  });

  it.each([
    ['undefined', 'nothing', 'null'],
    ['a function', 'function', 'null'],
  ])('a handler that returns %s succeeds with null', async (_, value, result) => {
    const handlers = handlerProcess('returns.handler', { node });

    expect(await handlers.run(attempt({ value }))).toEqual({ status: 'succeeded', result });
  });

  it("a handler that emits 'exit' by hand runs on", async () => {
    const handlers = handlerProcess('emits-exit.handler', { node });

    expect(await handlers.run(attempt({}))).toMatchObject({ result: '"not over"' });
  });

  it('a result of 6 MB in many-byte characters arrives', async () => {
    const handlers = handlerProcess('returns.handler', { node });

    expect(await handlers.run(attempt({ value: 'large' }))).toEqual({
      status: 'succeeded',
      result: `"${'ä'.repeat(3_000_000)}"`,
    });
  });

  it('a job whose event is not JSON fails permanently', async () => {
    const handlers = handlerProcess('echoes.handler', { node });
    const bytes = { ...bytesOf({}), event: Buffer.from('{"a":') };

    expect(await handlers.run(attempt({}, { bytes }))).toMatchObject({
      status: 'failed',
      cause: 'handler',
      errorType: 'Runtime.UnmarshalError',
      retriable: false,
    });
  });

  it('gives the stack of an error line by line', async () => {
    const handlers = handlerProcess('throws.handler', { node });

    expect(await handlers.run(attempt({}))).toMatchObject({
      stackTrace: expect.arrayContaining([
        'TypeError: thrown at once',
        expect.stringContaining('fixtures/handlers/throws.mjs:2'),
      ]),
    });
  });
});
