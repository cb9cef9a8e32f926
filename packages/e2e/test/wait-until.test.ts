import { describe, expect, it } from 'vitest';
import { installClient } from './support/install-client.ts';
import { shared } from './support/shared.ts';
import { fixture, invoke, linesWith, RUNTIMES, startFunction } from './support/start-function.ts';
import { type Mode, startWaiting, story } from './support/wait-until.ts';

const HOLDING: Mode[] = ['layer', 'npm alone, imported', 'npm alone, NODE_OPTIONS'];
const MODULES = ['cjs', 'esm'] as const;
const held = ['response', 'work: done', 'extension.next', 'invoke.end'];

describe.each(RUNTIMES)('waitUntil on %s', (runtime) => {
  describe.each(HOLDING)('with %s', (mode) => {
    describe.each(MODULES)('in %s', (modules) => {
      const waiting = shared((whenOver) => startWaiting({ runtime, mode, modules }, whenOver));

      it('does not hold a request that waits for nothing', async () => {
        const lambda = await waiting();
        for (const behaviour of ['doesNothing', 'settledAlready', 'doesNothing']) {
          const { requestId } = await invoke(lambda, { behaviour });
          await lambda.idle();
          expect(story(lambda, requestId)).toEqual(['response', 'extension.next', 'invoke.end']);
        }
      });

      it('answers first, and holds the environment until the promise has settled, again and again', async () => {
        const lambda = await waiting();
        for (let request = 1; request <= 3; request += 1) {
          const { requestId, reply } = await invoke(lambda, { behaviour: 'waits', ms: 150 });
          await lambda.idle();
          expect(reply).toBe('ok');
          expect(story(lambda, requestId)).toEqual(held);
        }
      });

      it('holds for a promise that comes late in the request', async () => {
        const lambda = await waiting();

        const { requestId } = await invoke(lambda, { behaviour: 'waitsInTheMiddle', ms: 200 });
        await lambda.idle();

        expect(story(lambda, requestId)).toEqual(held);
      });
    });

    const waiting = shared((whenOver) => startWaiting({ runtime, mode }, whenOver));

    it('starts a function when the reply is out', async () => {
      const lambda = await waiting();

      const { requestId } = await invoke(lambda, { behaviour: 'startsLater' });
      await lambda.idle();

      const [ends, ...rest] = story(lambda, requestId);
      expect(ends).toBe('work: handler ends');
      expect(rest).toEqual([
        'response',
        'work: started',
        'work: done',
        'extension.next',
        'invoke.end',
      ]);
    });

    it('counts every promise, and those that promises add', async () => {
      const lambda = await waiting();

      const several = await invoke(lambda, { behaviour: 'several' });
      await lambda.idle();
      const nested = await invoke(lambda, { behaviour: 'nested' });
      await lambda.idle();

      expect(story(lambda, several.requestId)).toEqual([
        'response',
        'work: 50',
        'work: 150',
        'work: 300',
        'extension.next',
        'invoke.end',
      ]);
      expect(story(lambda, nested.requestId)).toEqual([
        'response',
        'work: inner done',
        'extension.next',
        'invoke.end',
      ]);
    });

    it('takes a thousand promises at once', async () => {
      const lambda = await waiting();

      const { requestId } = await invoke(lambda, { behaviour: 'thousand' });
      await lambda.idle();

      expect(story(lambda, requestId)).toEqual([
        'response',
        'work: all settled',
        'extension.next',
        'invoke.end',
      ]);
    });

    it('does the same for a wrapped handler, which knows its deadline from the start', async () => {
      const lambda = await startWaiting({ runtime, mode, handler: 'wrapped' });

      const { requestId } = await invoke(lambda, { behaviour: 'deadline' });
      await lambda.idle();

      const [response, work] = story(lambda, requestId);
      expect(response).toBe('response');
      expect(work).toMatch(/^work: deadline in 59\d\d\d ms$/);
    });
  });

  it('holds for a streaming handler', async () => {
    const lambda = await startWaiting({
      runtime,
      mode: 'npm alone, NODE_OPTIONS',
      handler: 'streaming',
    });

    const { requestId, payload } = await lambda.invoke({});
    await lambda.idle();

    expect(payload.toString()).toBe('ok');
    expect(story(lambda, requestId)).toEqual(held);
  });

  it('tells the deadline without layer and without wrapper', async () => {
    const lambda = await startWaiting({ runtime, mode: 'npm alone, imported' });

    const { requestId } = await invoke(lambda, { behaviour: 'deadline' });
    await lambda.idle();

    expect(story(lambda, requestId)[1]).toMatch(/^work: deadline in 59\d\d\d ms$/);
  });

  it('registers nothing where the layer is: the layer wins', async () => {
    const lambda = await startWaiting({
      runtime,
      mode: 'layer',
      environment: { NODE_OPTIONS: '--import @async-http/client/register' },
    });

    const { requestId } = await invoke(lambda, { behaviour: 'waits' });
    await lambda.idle();

    const registered = lambda.timeline.flatMap((event) =>
      event.type === 'extension.registered' ? [event.name] : [],
    );
    expect(registered).toEqual(['async-http']);
    expect(story(lambda, requestId)).toEqual(held);
  });

  it('has registered before a CommonJS file has been loaded; later, Lambda refuses, and that is said', async () => {
    const inTime = await startWaiting({ runtime, mode: 'npm alone, imported', modules: 'cjs' });
    const late = await startFunction({
      runtime,
      code: installClient(fixture('wait-until/cjs')),
      handler: 'registers-late.handler',
      layers: [],
    });

    await invoke(inTime);
    const { reply } = await invoke(late);

    expect(inTime.timeline.some(({ type }) => type === 'extension.registered')).toBe(true);
    expect(reply).toBe('ok');
    const [line] = linesWith(late, 'ASYNC_HTTP_NO_HOLD');
    expect(line).toContain('403');
    expect(line).toContain('while the function starts, not inside a handler');
  });

  it('says loudly, once, that nothing holds the environment, with neither', async () => {
    const lambda = await startWaiting({ runtime, mode: 'neither' });

    for (let request = 1; request <= 3; request += 1) {
      const { reply } = await invoke(lambda, { behaviour: 'waits' });
      expect(reply).toBe('ok');
      await lambda.idle();
    }

    const lines = linesWith(lambda, 'ASYNC_HTTP_NO_HOLD');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('\tERROR\t');
    expect(lines[0]).toContain('Add the async-http layer');
  });
});

it('holds for a handler with a callback, which only Node.js 22 runs', async () => {
  const lambda = await startWaiting({
    runtime: 'nodejs22.x',
    mode: 'npm alone, imported',
    modules: 'cjs',
    handler: 'withCallback',
  });

  const { reply } = await invoke(lambda);
  await lambda.idle();

  expect(reply).toBe('ok');
  expect(linesWith(lambda, 'work says done')).toHaveLength(1);
});
