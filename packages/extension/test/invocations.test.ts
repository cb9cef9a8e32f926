import { describe, expect, it } from 'vitest';
import { Invocations } from '../src/invocations.ts';

const DEADLINE = Date.now() + 30_000;

/** Begins a request, and tells afterwards whether its hold has ended. */
async function begin(invocations: Invocations, requestId: string, deadlineMs = DEADLINE) {
  let hasEnded = false;
  const { released } = invocations.begin({ requestId, deadlineMs });
  released.then(() => {
    hasEnded = true;
  });
  return async () => {
    await new Promise(setImmediate);
    return hasEnded;
  };
}

function invocations(): Invocations {
  return new Invocations();
}

describe('the hold of a request', () => {
  it('lasts until the function has ended', async () => {
    const state = invocations();
    const hasEnded = await begin(state, 'r1');
    expect(await hasEnded()).toBe(false);

    state.end('r1');

    expect(await hasEnded()).toBe(true);
  });

  it('lasts until the last job is settled, when the function ended before', async () => {
    const state = invocations();
    const hasEnded = await begin(state, 'r1');
    const closeFirst = state.open();
    const closeSecond = state.open();
    state.end('r1');
    closeFirst();
    expect(await hasEnded()).toBe(false);

    closeSecond();

    expect(await hasEnded()).toBe(true);
  });

  it('lasts while the function runs, although its jobs are settled', async () => {
    const state = invocations();
    const hasEnded = await begin(state, 'r1');
    state.open()();

    expect(await hasEnded()).toBe(false);
  });

  it('knows of a job and an end that came before the INVOKE event', async () => {
    const state = invocations();
    const close = state.open();
    state.end('r1');
    const hasEnded = await begin(state, 'r1');
    expect(await hasEnded()).toBe(false);

    close();

    expect(await hasEnded()).toBe(true);
  });

  it('is not ended by what arrives late about the request before', async () => {
    const state = invocations();
    await begin(state, 'r1');
    state.end('r1');
    const hasEnded = await begin(state, 'r2');

    state.end('r1');

    expect(await hasEnded()).toBe(false);
  });

  it('covers a job that an earlier request left over', async () => {
    const state = invocations();
    await begin(state, 'r1');
    state.end('r1');
    const close = state.open();
    const hasEnded = await begin(state, 'r2');
    state.end('r2');
    expect(await hasEnded()).toBe(false);

    close();

    expect(await hasEnded()).toBe(true);
  });

  it('ends at once when the environment never freezes', async () => {
    const state = invocations();
    state.neverFreezes();
    state.open();

    const hasEnded = await begin(state, 'r1');

    expect(await hasEnded()).toBe(true);
  });

  it('counts a job once, however often it is closed', async () => {
    const state = invocations();
    const hasEnded = await begin(state, 'r1');
    const close = state.open();
    state.open();
    close();
    close();
    state.end('r1');

    expect(await hasEnded()).toBe(false);
  });
});

describe('a job that arrives', () => {
  it('before its INVOKE event starts at once', () => {
    expect(invocations().place('r1', DEADLINE)).toMatchObject({ start: 'now' });
  });

  it('during a request starts at once, with the deadline of that request', async () => {
    const state = invocations();
    await begin(state, 'r1', DEADLINE);

    expect(state.place('r0', DEADLINE - 10_000)).toMatchObject({
      start: 'now',
      budget: { functionDeadlineMs: DEADLINE },
    });
  });

  it('after its request was released waits for the next one', async () => {
    const state = invocations();
    await begin(state, 'r1');
    state.end('r1');

    expect(state.place('r1', DEADLINE)).toEqual({ start: 'with the next invocation' });
  });

  it('starts at once where the environment never freezes', async () => {
    const state = invocations();
    state.neverFreezes();
    await begin(state, 'r1');

    expect(state.place('r1', DEADLINE)).toMatchObject({ start: 'now' });
  });
});
