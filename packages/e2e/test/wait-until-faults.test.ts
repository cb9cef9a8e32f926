import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME } from './support/start-function.ts';
import { type Mode, startWaiting, story, tailMs } from './support/wait-until.ts';

const MODES: Mode[] = ['layer', 'npm alone, imported'];
/** A fifth of it is the margin in which a hold ends, and a busy machine needs some of that. */
const TIMEOUT_MS = 4_000;
const nothingHeld = ['response', 'extension.next', 'invoke.end'];

describe.each(ONE_RUNTIME)('waitUntil on %s', (runtime) => {
  describe.each(MODES)('with %s', (mode) => {
    it('logs a rejection with the id of its request, and the process lives on', async () => {
      const lambda = await startWaiting({ runtime, mode });

      const { requestId } = await invoke(lambda, { behaviour: 'rejects' });
      await lambda.idle();
      const next = await invoke(lambda, { behaviour: 'waits', ms: 50 });
      await lambda.idle();

      const [line, ...more] = linesWith(lambda, 'the webhook is down');
      expect(more).toEqual([]);
      expect(line).toContain('\tERROR\twaitUntil: work of request ');
      expect(line).toContain(requestId);
      expect(line).toContain('/var/task/function.js');
      expect(story(lambda, next.requestId)).toContain('work: done');
      expect(lambda.timeline.filter(({ type }) => type === 'crash')).toEqual([]);
    });

    it('logs a function that throws at once, or returns no promise, and holds no longer', async () => {
      const lambda = await startWaiting({ runtime, mode });

      const thrown = await invoke(lambda, { behaviour: 'throwsInTheFunction' });
      await lambda.idle();
      const returned = await invoke(lambda, { behaviour: 'returnsNoPromise' });
      await lambda.idle();

      expect(linesWith(lambda, 'thrown at once')).toHaveLength(1);
      expect(linesWith(lambda, 'returned string and not a promise')).toHaveLength(1);
      expect(story(lambda, thrown.requestId)).toEqual(nothingHeld);
      expect(story(lambda, returned.requestId)).toEqual(nothingHeld);
    });

    it('refuses what is neither promise nor function', async () => {
      const lambda = await startWaiting({ runtime, mode });

      const { reply, functionError, requestId } = await invoke(lambda, {
        behaviour: 'passesNoPromise',
      });
      await lambda.idle();

      expect(functionError).toBe('Unhandled');
      expect(reply.errorType).toBe('TypeError');
      expect(story(lambda, requestId)).toEqual(nothingHeld);
    });

    it('holds for the promise of a handler that fails', async () => {
      const lambda = await startWaiting({ runtime, mode });

      const { functionError, requestId } = await invoke(lambda, { behaviour: 'throwsAfterwards' });
      await lambda.idle();

      expect(functionError).toBe('Unhandled');
      expect(story(lambda, requestId)).toEqual([
        'response',
        'work: done',
        'extension.next',
        'invoke.end',
      ]);
    });

    it('lets go of a promise that never settles before the function times out, and names it', async () => {
      const lambda = await startWaiting({
        runtime,
        mode,
        handler: 'wrapped',
        timeoutMs: TIMEOUT_MS,
      });

      const { requestId } = await invoke(lambda, { behaviour: 'neverSettles' });
      await lambda.idle();

      expect(story(lambda, requestId)).toEqual(nothingHeld);
      const [line, ...more] = linesWith(lambda, 'waitUntil: the hold of request');
      expect(more).toEqual([]);
      expect(line).toContain('\tWARN\t');
      expect(line).toContain('with 1 still running');
      expect(line).toContain('/var/task/function.js');
    });

    it('lets the next request go, whatever an earlier one has left', async () => {
      const lambda = await startWaiting({ runtime, mode, timeoutMs: TIMEOUT_MS });

      const first = await invoke(lambda, { behaviour: 'waits', ms: 30_000 });
      await lambda.idle();
      const second = await invoke(lambda, { behaviour: 'doesNothing' });
      await lambda.idle();

      expect(story(lambda, first.requestId)).toEqual(nothingHeld);
      expect(linesWith(lambda, `the hold of request ${first.requestId} ends`)).toHaveLength(1);
      // Held, it would be some 3,600 ms.
      expect(tailMs(lambda, second.requestId)).toBeLessThan(2_000);
    });

    it('ends the hold when the function process dies, and later requests find a fresh one', async () => {
      const lambda = await startWaiting({ runtime, mode });

      const { requestId } = await invoke(lambda, { behaviour: 'dies' });
      await lambda.idle();
      // Lambda may notice the death only when it wants to use the process again, and fail that request.
      await invoke(lambda, { behaviour: 'doesNothing' });
      await lambda.idle();
      const next = await invoke(lambda, { behaviour: 'waits', ms: 50 });
      await lambda.idle();

      expect(tailMs(lambda, requestId)).toBeLessThan(20_000);
      expect(lambda.timeline.filter(({ type }) => type === 'crash')).toHaveLength(1);
      expect(story(lambda, next.requestId)).toContain('work: done');
    });
  });

  it.each(['exits', 'rejectsUnhandled'])(
    'ends the hold when the function %s after its reply, and reports what is lost',
    async (behaviour) => {
      const lambda = await startWaiting({ runtime, mode: 'layer' });

      const { requestId } = await invoke(lambda, { behaviour });
      await lambda.idle();

      // The process itself ends with the next request only. Held, it would be a minute.
      expect(tailMs(lambda, requestId)).toBeLessThan(20_000);
      expect(linesWith(lambda, 'its unfinished work is lost: at ')).toHaveLength(1);
    },
  );

  it('survives the end of the extension during a lease: the next request is served and held', async () => {
    const lambda = await startWaiting({ runtime, mode: 'layer' });

    await invoke(lambda, { behaviour: 'waits', ms: 30_000 });
    await lambda.kill({ extension: 'async-http' });
    await lambda.idle();
    const next = await invoke(lambda, { behaviour: 'waits', ms: 50 });
    await lambda.idle();

    // The first of them is the end of the new INIT.
    expect(story(lambda, next.requestId)).toEqual([
      'extension.next',
      'response',
      'work: done',
      'extension.next',
      'invoke.end',
    ]);
  });
});
