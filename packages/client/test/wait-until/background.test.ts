import { AsyncLocalStorage } from 'node:async_hooks';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startListener } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shared } from '../../src/shared.ts';
import { Background } from '../../src/wait-until/background.ts';
import { runProgram } from '../run-program.ts';
import { captureReports } from './capture-reports.ts';

/** A function with the layer, whose requests begin and end when the test says so. */
function startFunction(variables: Record<string, string> = {}) {
  const reports = captureReports();
  const listener = startListener();
  const env = { ...listener.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', ...variables };
  const { requests } = shared(env);
  const all = new Background(env);
  requests.listen(all);
  return {
    listener,
    requests,
    all,
    reports,
    /** A promise that the test settles, given to `waitUntil`. */
    waitUntil: () => {
      const work = Promise.withResolvers<unknown>();
      all.wait(work.promise, originHere());
      return work;
    },
    leases: () =>
      listener
        .lines()
        .filter((line) => line.startsWith('L '))
        .map((line) => line.at(-1)),
  };
}

function originHere() {
  const origin: { stack?: string } = {};
  Error.captureStackTrace(origin, originHere);
  return origin;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the lease', () => {
  it('is rung before waitUntil returns', () => {
    const { requests, waitUntil, leases } = startFunction();
    requests.begin({ requestId: 'r1' });

    waitUntil();

    expect(leases()).toEqual(['1']);
  });

  it('is one for all promises, and ends when the last has settled', async () => {
    const { requests, waitUntil, leases } = startFunction();
    requests.begin({ requestId: 'r1' });
    const works = Array.from({ length: 100 }, waitUntil);

    for (const [index, work] of works.entries()) {
      await turn();
      expect(leases()).toEqual(['1']);
      if (index % 2 === 0) work.resolve(index);
      else work.reject(new Error('failed'));
    }

    await expect.poll(leases).toEqual(['1', '0']);
  });

  it('keeps the hold when a promise that settles is followed by another one', async () => {
    const { requests, all, waitUntil, leases } = startFunction();
    requests.begin({ requestId: 'r1' });
    const first = waitUntil();
    let second: PromiseWithResolvers<unknown> | undefined;
    all.wait(
      first.promise.then(() => {
        second = waitUntil();
      }),
      originHere(),
    );

    first.resolve('done');
    await expect.poll(() => second).toBeDefined();
    await turn();
    await turn();
    expect(leases()).toEqual(['1']);

    second?.resolve('done');
    await expect.poll(leases).toEqual(['1', '0']);
  });

  it('ends when what was given as a promise throws instead', async () => {
    const { requests, all, leases } = startFunction();
    requests.begin({ requestId: 'r1' });
    const throwing: PromiseLike<unknown> = {
      // biome-ignore lint/suspicious/noThenProperty: query builders have one, and can throw from it
      then() {
        throw new Error('not started');
      },
    };

    all.wait(throwing, originHere());

    await expect.poll(leases).toEqual(['1', '0']);
  });

  it.each<[string, unknown]>([
    ['no text', Object.create(null)],
    [
      'a getter that throws',
      Object.defineProperty(new Error(), 'stack', {
        get() {
          throw new Error('no stack');
        },
      }),
    ],
  ])('ends when work fails with what cannot be read: %s', async (_, thrown) => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });

    waitUntil().reject(thrown);

    await expect.poll(leases).toEqual(['1', '0']);
    expect(reports).toEqual([
      expect.stringMatching(/^ERROR waitUntil: work of request r1 failed \(at .*\): unreadable$/),
    ]);
  });

  it.each<[string, (error: Error, frames: NodeJS.CallSite[]) => unknown]>([
    ['of frames', (_, frames) => frames],
    ['of errors only', ({ message }) => message.trim()],
  ])('ends when work fails where the function makes its own stacks, %s', async (_, prepare) => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    const { prepareStackTrace } = Error;
    onTestFinished(() => void Object.assign(Error, { prepareStackTrace }));
    Error.prepareStackTrace = prepare;

    waitUntil().reject('failed');

    await expect.poll(leases).toEqual(['1', '0']);
    expect(reports).toEqual([
      'ERROR waitUntil: work of request r1 failed (at an unknown line): failed',
    ]);
  });

  it("ends, and no request fails, where the function's console throws", () => {
    const { listener, requests, all, waitUntil, leases } = startFunction({ _HANDLER: 'a.b' });
    console.error = console.warn = () => {
      throw new Error('no console');
    };
    requests.begin({ requestId: 'r1' });
    waitUntil();
    all.waitLater(() => {
      throw new Error('no work');
    }, originHere());

    requests.end('r1');
    requests.begin({ requestId: 'r2' });

    expect(listener.lines()).toContain('E r1');
    expect(leases()).toEqual(['1', '0']);
  });

  it('ends where the timers of the function are those of a browser', async () => {
    const { requests, waitUntil, leases } = startFunction();
    const { setTimeout: original } = globalThis;
    onTestFinished(() => void Object.assign(globalThis, { setTimeout: original }));
    Object.assign(globalThis, {
      setTimeout: (act: () => void, ms: number) => Number(original(act, ms)),
    });
    requests.begin({ requestId: 'r1' });

    waitUntil().resolve('done');

    await expect.poll(leases).toEqual(['1', '0']);
  });

  it('ends when its process exits, though that may take until the next request, and reports what is lost', async () => {
    const { env, lines } = startListener();

    const { output } = await runProgram(
      `const { waitUntil } = require('@async-http/client');
      waitUntil(new Promise(() => {}));
      process.exit();`,
      { env: { ...env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' } },
    );

    expect(lines().filter((line) => line.startsWith('L '))).toEqual([
      expect.stringMatching(/^L \d+\.0 1$/),
      expect.stringMatching(/^L \d+\.0 0$/),
    ]);
    expect(output).toMatch(
      /^waitUntil: the process is exiting, and its unfinished work is lost: at .*\n$/,
    );
  });

  it("lives on when the function emits 'exit' by hand", async () => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    waitUntil();

    process.emit('exit', 0);

    expect(leases()).toEqual(['1']);
    expect(reports).toEqual([]);
  });

  it('ends with its thread', async () => {
    const { env, lines } = startListener();
    const thread = `import('@async-http/client').then(({ waitUntil }) => waitUntil(new Promise(() => {})))`;

    await runProgram(
      `const { Worker } = require('node:worker_threads'); new Worker(${JSON.stringify(thread)}, { eval: true }).on('exit', () => process.abort());`,
      { env: { ...env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' } },
    );

    expect(lines().filter((line) => line.startsWith('L '))).toEqual([
      expect.stringMatching(/^L \d+\.1 1$/),
      expect.stringMatching(/^L \d+\.1 0$/),
    ]);
  });

  it('is taken again for the work of a later request', async () => {
    const { requests, waitUntil, leases } = startFunction();
    for (const requestId of ['r1', 'r2']) {
      requests.begin({ requestId });
      waitUntil().resolve('done');
      await turn();
      await turn();
      requests.end(requestId);
    }

    expect(leases()).toEqual(['1', '0', '1', '0']);
  });

  it('is rung although the folder for the deadline cannot be made', () => {
    const { listener, requests, waitUntil, leases } = startFunction();
    writeFileSync(listener.folder, 'in its place');
    requests.begin({ requestId: 'r1' });

    waitUntil();

    expect(leases()).toEqual(['1']);
  });
});

describe('work that an earlier request has left', () => {
  it('holds nothing any more when the next one begins, and is named once', async () => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    waitUntil();
    waitUntil();
    requests.end('r1');

    requests.begin({ requestId: 'r2' });
    requests.end('r2');
    requests.begin({ requestId: 'r3' });

    expect(leases()).toEqual(['1', '0']);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(
      /^WARN waitUntil: the hold of request r1 ends before its deadline, with 2 still running: at .*background\.test\.ts/,
    );
  });

  it('holds nothing when the next one has the same id, which Lambda repeats', () => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    waitUntil();
    requests.end('r1');

    requests.begin({ requestId: 'r1' });

    expect(leases()).toEqual(['1', '0']);
    expect(reports).toHaveLength(1);
  });

  it('takes nothing from the work of the request that runs', async () => {
    const { requests, waitUntil, leases } = startFunction();
    requests.begin({ requestId: 'r1' });
    const left = waitUntil();
    requests.end('r1');
    requests.begin({ requestId: 'r2' });
    waitUntil();

    left.resolve('at last');
    await turn();
    await turn();

    expect(leases()).toEqual(['1', '0', '1']);
  });

  it('is not named in full when there is much of it', () => {
    const { requests, waitUntil, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    for (let times = 0; times < 50; times += 1) waitUntil();

    requests.begin({ requestId: 'r2' });

    expect(reports[0]).toContain('with 50 still running');
    expect(reports[0]).toContain('and 45 more');
  });
});

describe('waitUntil after the hold', () => {
  it('says at once that it is too late, and takes no lease that nobody gives', () => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    requests.end('r1');

    waitUntil();

    expect(leases()).toEqual([]);
    expect(reports).toEqual([
      expect.stringMatching(/^ERROR ASYNC_HTTP_NO_HOLD: waitUntil was called after the hold/),
    ]);
  });

  it('is not too late for what follows the last promise', async () => {
    const { requests, waitUntil, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    const first = waitUntil();
    const second = first.promise.then(() => waitUntil());
    requests.end('r1');

    first.resolve('done');
    await second;
    await turn();
    await turn();
    expect(leases()).toEqual(['1']);

    (await second).resolve('done');
    await expect.poll(leases).toEqual(['1', '0']);
    expect(reports).toEqual([]);
  });

  it('is not too late while other work of the request holds it', () => {
    const { requests, waitUntil, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    waitUntil();
    requests.end('r1');

    waitUntil();

    expect(reports).toEqual([]);
  });
});

describe('a function given to waitUntil', () => {
  it('is called when the reply is out, with the lease taken before', () => {
    const { listener, requests, all } = startFunction();
    requests.begin({ requestId: 'r1' });
    let isCalled = false;
    all.waitLater(async () => (isCalled = true), originHere());
    expect(isCalled).toBe(false);

    requests.end('r1');

    expect(isCalled).toBe(true);
    const [, lease, end] = listener.lines();
    expect([lease?.at(0), end]).toEqual(['L', undefined]);
  });

  it('keeps the AsyncLocalStorage of its caller', async () => {
    const { requests, all, leases } = startFunction();
    const storage = new AsyncLocalStorage<string>();
    requests.begin({ requestId: 'r1' });
    const seen: unknown[] = [];
    storage.run('of the caller', () => {
      all.waitLater(async () => {
        seen.push(storage.getStore());
        await undefined;
        seen.push(storage.getStore());
      }, originHere());
    });

    storage.run('of somebody else', () => requests.end('r1'));

    await expect.poll(leases).toEqual(['1', '0']);
    expect(seen).toEqual(['of the caller', 'of the caller']);
  });

  it('is called although nobody sees when the handler ends', async () => {
    const { all, leases } = startFunction();
    let isCalled = false;

    all.waitLater(async () => (isCalled = true), originHere());
    expect(isCalled).toBe(false);

    await expect.poll(leases).toEqual(['1', '0']);
    expect(isCalled).toBe(true);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
      /^ERROR waitUntil: work of request r1 failed \(at .*\): Error: mine/,
    ],
    [
      'rejects',
      () => Promise.reject(new Error('mine')),
      /^ERROR waitUntil: work of request r1 failed \(at .*\): Error: mine/,
    ],
    [
      'rejects with something else',
      () => Promise.reject('text'),
      /^ERROR waitUntil: work of request r1 failed \(at .*\): text$/,
    ],
    [
      'returns no promise',
      () => 7,
      /^WARN waitUntil: the function given in request r1 returned number and not a promise/,
    ],
  ])('is reported when it %s, and holds no longer', async (_, start, report) => {
    const { requests, all, leases, reports } = startFunction();
    requests.begin({ requestId: 'r1' });
    all.waitLater(start, originHere());

    requests.end('r1');

    await expect.poll(leases).toEqual(['1', '0']);
    expect(reports).toEqual([expect.stringMatching(report)]);
  });
});

describe('the deadline', () => {
  it('is read where the extension writes it down, for the request that it is of', () => {
    const { listener, requests, all, waitUntil } = startFunction();
    requests.begin({ requestId: 'r1' });
    expect(all.deadlineMs).toBeUndefined();
    waitUntil();
    expect(all.deadlineMs).toBeUndefined();

    writeFileSync(join(listener.folder, 'deadline'), 'r1 1795348800000');
    expect(all.deadlineMs).toBe(1_795_348_800_000);
    writeFileSync(join(listener.folder, 'deadline'), 'r0 1795348800000');
    expect(all.deadlineMs).toBeUndefined();
  });

  it('is that of the context, where a wrapper knows it', () => {
    const { requests, all } = startFunction();

    requests.begin({ requestId: 'r1', deadlineMs: 1_795_348_800_000 });

    expect(all.deadlineMs).toBe(1_795_348_800_000);
  });

  it('is warned of before it comes, naming what still runs', async () => {
    const { requests, waitUntil, reports } = startFunction();
    requests.begin({ requestId: 'r1', deadlineMs: Date.now() + 500 });

    waitUntil();

    await expect.poll(() => reports, { timeout: 10_000 }).toHaveLength(1);
    expect(reports[0]).toMatch(
      /^WARN waitUntil: the hold of request r1 ends .* with 1 still running/,
    );
  });

  it('is warned of when only the extension knows it', async () => {
    const { listener, requests, waitUntil, reports } = startFunction();
    requests.begin({ requestId: 'r1' });

    waitUntil();
    writeFileSync(join(listener.folder, 'deadline'), `r1 ${Date.now() + 300}`);

    await expect.poll(() => reports, { timeout: 10_000 }).toHaveLength(1);
  });

  it('may be farther away than a timer of Node.js reaches', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const { requests, waitUntil, reports } = startFunction();
    requests.begin({ requestId: 'r1', deadlineMs: Date.now() + 1e15 });

    waitUntil();
    for (let turns = 0; turns < 20; turns += 1) await turn();

    expect(reports).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe('on Managed Instances, where requests run at once and nothing is frozen', () => {
  const MANAGED = { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' };

  it('functions given to waitUntil wait for their own request only', async () => {
    const { requests, all, leases } = startFunction(MANAGED);
    const called: string[] = [];
    for (const requestId of ['r1', 'r2']) {
      requests.begin({ requestId });
      all.waitLater(async () => void called.push(requestId), originHere());
    }

    requests.end('r2');
    expect(called).toEqual(['r2']);
    requests.end('r1');

    expect(called).toEqual(['r2', 'r1']);
    await expect.poll(leases).toEqual(['1', '0']);
  });

  it('no request ends the lease of another one, nor a deadline', async () => {
    const { requests, waitUntil, leases, reports } = startFunction(MANAGED);
    requests.begin({ requestId: 'r1', deadlineMs: Date.now() - 1 });
    waitUntil();
    requests.end('r1');
    requests.begin({ requestId: 'r2' });
    await turn();

    expect(leases()).toEqual(['1']);
    expect(reports).toEqual([]);
  });
});

describe('where nothing holds the environment', () => {
  it('work runs all the same, and that is said once', async () => {
    const { listener, requests, waitUntil, reports } = startFunction();
    listener.close();
    requests.begin({ requestId: 'r1' });

    waitUntil().resolve('done');
    await turn();
    waitUntil();

    expect(reports).toEqual([
      expect.stringMatching(/^ERROR ASYNC_HTTP_NO_HOLD: Nothing holds this environment/),
    ]);
  });

  it('nothing is said outside Lambda, where nothing is frozen', () => {
    const { waitUntil, listener, reports } = startFunction({ AWS_LAMBDA_RUNTIME_API: '' });

    waitUntil();

    expect(reports).toEqual([]);
    expect(listener.lines()).toEqual([]);
  });
});
