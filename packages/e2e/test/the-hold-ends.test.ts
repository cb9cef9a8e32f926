import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME, startFunction, story } from './support/start-function.ts';

// With a timeout of 60 s, a hold that waited for it would outlast the test.
const timeoutMs = 60_000;
const environment = { ASYNC_HANDLER: 'jobs/say.handler' };

describe.each(ONE_RUNTIME)(
  'the hold ends without waiting for the timeout, on %s, when a function',
  (runtime) => {
    it('hands nothing off', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.doNothing',
        environment,
        timeoutMs,
      });

      const { requestId } = await invoke(lambda);
      await lambda.idle();

      expect(story(lambda, requestId)).toEqual([
        'response',
        'extension.next',
        'invoke.end',
        'frozen',
      ]);
    });

    it('throws before the hand-off', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.throwBefore',
        environment,
        timeoutMs,
      });

      const { requestId, functionError } = await invoke(lambda);
      await lambda.idle();

      expect(functionError).toBe('Unhandled');
      expect(story(lambda, requestId)).toEqual([
        'response',
        'extension.next',
        'invoke.end',
        'frozen',
      ]);
    });

    it('throws after the hand-off: the job has run', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.throwAfter',
        environment,
        timeoutMs,
      });

      const { functionError } = await invoke(lambda);
      await lambda.idle();

      expect(functionError).toBe('Unhandled');
      expect(linesWith(lambda, 'job says')).toHaveLength(1);
    });

    it('does not await the hand-off: the job runs, now or with the next request', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.forgetToAwait',
        environment,
        timeoutMs,
      });

      await invoke(lambda, { n: 1 });
      await lambda.idle();
      await invoke(lambda, { n: 2 });
      await lambda.idle();

      expect(linesWith(lambda, 'job says {"n":1}')).toHaveLength(1);
    });

    it('has its process end after the hand-off: the environment is reset and works again', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.exitAfter',
        environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
        timeoutMs,
      });

      const { functionError } = await invoke(lambda, { ms: 30_000 });
      await lambda.idle();

      expect(functionError).toBe('Unhandled');
      expect(linesWith(lambda, 'job aborted: the environment is ending')).toHaveLength(1);
    });
  },
);
