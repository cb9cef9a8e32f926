import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentRequestId } from '../../src/requests/current-request.ts';
import { Requests } from '../../src/requests/requests.ts';
import { watchRuntime } from '../../src/requests/watch-runtime.ts';

// As AWS's runtime clients behave in the places that they share; `packages/e2e` runs the real ones.

const BEFORE_EXIT = Symbol.for('aws.lambda.beforeExit');
const REQUEST_ID_OF_VERSION_3 = Symbol.for('aws.lambda.runtime.requestId');
const REQUEST_ID = Symbol.for('_AWS_LAMBDA_REQUEST_ID');
const globals = globalThis as Record<PropertyKey, unknown>;

function startWatching() {
  const others = process.listeners('beforeExit');
  onTestFinished(() => {
    for (const listener of process.listeners('beforeExit')) {
      if (!others.includes(listener)) process.off('beforeExit', listener);
    }
  });
  const story: string[] = [];
  const requests = new Requests((requestId) => story.push(`end ${requestId}`));
  requests.listen({
    isHeld: false,
    started: ({ requestId }) => story.push(`start ${requestId}`),
    replied: () => {},
  });
  const watch = () => watchRuntime(requests, () => story.push('ends are seen'));
  return { requests, story, watch };
}

/** What the tests of this file put into the global scope goes with each of them. */
function forgetRuntime() {
  delete globals.awslambda;
  delete globals[BEFORE_EXIT];
  delete globals[REQUEST_ID_OF_VERSION_3];
}

/** Node.js 24: every request runs in the store. @see aws-lambda-nodejs-runtime-interface-client 4, Runtime */
function startVersion4() {
  onTestFinished(forgetRuntime);
  const storage = new AsyncLocalStorage<Record<symbol, unknown>>();
  const store = {
    getRequestId: () => String(storage.getStore()?.[REQUEST_ID] ?? '-'),
    run: (context: Record<symbol, unknown>, fn: () => unknown) => storage.run(context, fn),
  };
  const create = () => {
    globals.awslambda = { ...(globals.awslambda as object), streamifyResponse() {} };
    (globals.awslambda as { InvokeStore?: unknown }).InvokeStore = store;
  };
  const invoke = (requestId: string, handler: () => unknown) =>
    store.run({ [REQUEST_ID]: requestId }, handler);
  return { create, store, invoke };
}

/** Node.js 22. @see aws-lambda-nodejs-runtime-interface-client 3, BeforeExitListener and Runtime */
function startVersion3() {
  onTestFinished(forgetRuntime);
  const nothing = () => {};
  const reset = () => {
    globals[BEFORE_EXIT] = nothing;
  };
  const invoke = async (requestId: string, handler: () => unknown) => {
    globals[REQUEST_ID_OF_VERSION_3] = requestId;
    globals[BEFORE_EXIT] = () => {};
    try {
      return await handler();
    } finally {
      reset();
      await undefined; // The reply is posted.
    }
  };
  return { reset, invoke };
}

describe('version 4 of the runtime client', () => {
  it('shows that ends are seen, when a handler begins, and when it ends', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { story, watch } = startWatching();

    watch();
    await invoke('r1', async () => story.push(`handler of ${currentRequestId()}`));

    expect(story).toEqual(['ends are seen', 'start r1', 'handler of r1', 'end r1']);
  });

  it('may start after us, where we were preloaded', async () => {
    const { create, invoke } = startVersion4();
    const { story, watch } = startWatching();

    watch();
    expect(story).toEqual([]);
    create();
    await invoke('r1', async () => {});

    expect(story).toEqual(['ends are seen', 'start r1', 'end r1']);
  });

  it('shows the end of a handler that throws, rejects, or returns no promise, and what it gave', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { story, watch } = startWatching();
    watch();

    expect(() =>
      invoke('r1', () => {
        throw new Error('thrown');
      }),
    ).toThrow('thrown');
    await expect(invoke('r2', () => Promise.reject(new Error('rejected')))).rejects.toThrow(
      'rejected',
    );
    expect(invoke('r3', () => 'returned')).toBe('returned');
    expect(await invoke('r4', async () => 'resolved')).toBe('resolved');

    expect(story.filter((line) => line.startsWith('end r'))).toEqual([
      'end r1',
      'end r2',
      'end r3',
      'end r4',
    ]);
  });

  it('shows the same request id twice as two runs', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { story, watch } = startWatching();
    watch();

    await invoke('r1', async () => {});
    await invoke('r1', async () => {});

    expect(story.slice(1)).toEqual(['start r1', 'end r1', 'start r1', 'end r1']);
  });

  it('shows several requests at once, each with its own end', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { story, watch } = startWatching();
    watch();
    const first = Promise.withResolvers<void>();

    const ended = invoke('r1', () => first.promise);
    await invoke('r2', async () => {});
    expect(story.at(-1)).toBe('end r2');
    first.resolve();
    await ended;

    expect(story.at(-1)).toBe('end r1');
  });

  it('shows one end when the function uses the store itself', async () => {
    const { create, invoke, store } = startVersion4();
    create();
    const { story, watch } = startWatching();
    watch();

    await invoke('r1', async () => {
      await store.run({ [REQUEST_ID]: 'r1' }, async () => {});
      await store.run({}, async () => {});
      story.push('handler goes on');
    });

    expect(story.slice(1)).toEqual(['start r1', 'handler goes on', 'end r1']);
  });

  it('does not show the end of the request in which we are imported, but that of the next one', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { story, watch } = startWatching();

    await invoke('r1', async () => watch());
    await invoke('r2', async () => {});

    expect(story).toEqual(['ends are seen', 'start r2', 'end r2']);
  });

  it('leaves the end of the request in which we are imported to a wrapper', async () => {
    const { create, invoke } = startVersion4();
    create();
    const { requests, story, watch } = startWatching();

    await invoke('r1', async () => {
      watch();
      requests.begin({ requestId: 'r1' })();
    });

    await expect.poll(() => story).toContain('end r1');
  });
});

describe('version 3 of the runtime client', () => {
  it('shows that ends are seen, when a handler begins, and when it ends', async () => {
    const { reset, invoke } = startVersion3();
    reset();
    const { story, watch } = startWatching();

    watch();
    await invoke('r1', async () => story.push(`handler of ${currentRequestId()}`));

    expect(story).toEqual(['ends are seen', 'start r1', 'handler of r1', 'end r1']);
  });

  it('may start after us, where we were preloaded', async () => {
    const { reset, invoke } = startVersion3();
    const { story, watch } = startWatching();

    watch();
    expect(story).toEqual([]);
    reset();
    await invoke('r1', async () => {});

    expect(story).toEqual(['ends are seen', 'start r1', 'end r1']);
  });

  it('shows the same request id twice as two runs', async () => {
    const { reset, invoke } = startVersion3();
    reset();
    const { story, watch } = startWatching();
    watch();

    await invoke('r1', async () => {});
    await invoke('r1', async () => {});

    expect(story.slice(1)).toEqual(['start r1', 'end r1', 'start r1', 'end r1']);
  });

  it('shows the end of the request in which we are imported', async () => {
    const { reset, invoke } = startVersion3();
    reset();
    const { story, watch } = startWatching();

    await invoke('r1', async () => watch());
    await invoke('r2', async () => {});

    expect(story).toEqual(['start r1', 'ends are seen', 'end r1', 'start r2', 'end r2']);
  });

  it('shows the end of a handler that waits for an empty event loop after that', async () => {
    const { reset } = startVersion3();
    reset();
    const { story, watch } = startWatching();
    watch();
    globals[REQUEST_ID_OF_VERSION_3] = 'r1';
    globals[BEFORE_EXIT] = () => {};

    process.emit('beforeExit', 0);

    await expect.poll(() => story).toContain('end r1');
  });
});

describe('a runtime that shows nothing', () => {
  it('is not taken for one that does', async () => {
    onTestFinished(forgetRuntime);
    const { requests, story, watch } = startWatching();

    watch();

    expect(story).toEqual([]);
    expect(requests.areWatched).toBe(false);
  });
});
