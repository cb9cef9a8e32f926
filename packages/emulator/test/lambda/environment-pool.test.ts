import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { environmentLimit } from '../../src/lambda/environment-limit.ts';
import type { LocalLambda } from '../../src/lambda/local-lambda.ts';
import type { LambdaEvent } from '../../src/lambda-types.ts';
import { findProcessTree } from '../../src/sandbox/process-tree.ts';
import { requestIdOf, stage } from '../support/puppets.ts';
import { fixture, hasNamespaces, start, type TestLambda } from '../support/start.ts';

/** Environments that initialise at the same time in one process. */
const SLOTS = Math.max(2, availableParallelism());
const outcomes = { code: fixture('functions/outcomes') };
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const startsOf = ({ timeline }: TestLambda) =>
  timeline.filter(({ type }) => type === 'environment.starting').length;
/** The first processes of namespaces that this process has started. */
async function findEnvironments(): Promise<number[]> {
  const tree = await findProcessTree(new Set([process.pid]));
  return [...tree.values()]
    .filter(({ parent }) => parent === process.pid)
    .map(({ pid }) => pid)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('unshare\0'));
}
const stopStarting = (lambda: TestLambda) => (lambda as unknown as LocalLambda).stopStarting();

describe('requests one after the other', () => {
  it('use one environment', { timeout: 60_000 }, async () => {
    const lambda = await start();

    for (const index of times(200, (index) => index)) await lambda.invoke({ name: index });

    expect(startsOf(lambda)).toBe(1);
  });

  it('are not throttled while the only environment is about to come free', async () => {
    const lambda = await start({ maxConcurrency: 1 });

    for (const index of times(20, (index) => index)) {
      expect((await lambda.invoke({ name: index })).statusCode).toBe(200);
    }
  });

  it.runIf(hasNamespaces)(
    'do not wait long for a runtime that works on behind its response, where environments run side by side',
    async () => {
      const { lambda, runtime } = await stage({ runtime: true });
      const first = lambda.invoke({});
      const slow = await runtime();
      const id = requestIdOf(await slow.next());
      await slow.post(`invocation/${id}/response`, { body: {} });

      const second = lambda.invoke({});
      await (await runtime(2)).serve();

      expect((await second).environmentId).not.toBe((await first).environmentId);
    },
  );
});

describe.runIf(hasNamespaces)('an environment that is killed from outside', () => {
  it.each([
    ['is frozen', 0],
    ['works', 60_000],
  ])('while it %s is replaced', { timeout: 60_000 }, async (_, ms) => {
    const lambda = await start({ ...outcomes, timeoutMs: 60_000 });
    await lambda.invoke({});
    await lambda.idle();
    const running = ms > 0 ? lambda.invoke({ outcome: 'wait', ms }) : undefined;
    const [pid = 0] = await findEnvironments();

    process.kill(pid, 'SIGKILL');
    await running;
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);

    expect((await lambda.invoke({})).functionError).toBeUndefined();
    expect(startsOf(lambda)).toBe(2);
  });
});

describe('a burst of requests', () => {
  it('starts no environment that nobody waits for any more', { timeout: 120_000 }, async () => {
    const lambda = await start({ timeoutMs: 60_000 });

    await Promise.all(times(100, (index) => lambda.invoke({ name: index })));
    const startsAtTheEnd = startsOf(lambda);
    await lambda.idle();

    expect(startsAtTheEnd).toBeLessThan(50);
    expect(startsOf(lambda)).toBeLessThanOrEqual(startsAtTheEnd + SLOTS);
  });

  it('does not keep another function waiting', { timeout: 120_000 }, async () => {
    const starts: string[] = [];
    const note = (name: string) => (event: LambdaEvent) => {
      if (event.type === 'environment.starting') starts.push(name);
    };
    const busy = await start({ ...outcomes, timeoutMs: 60_000, onEvent: note('busy') });
    const other = await start({ onEvent: note('other') });
    const burst = times(20, () => busy.invoke({ outcome: 'wait', ms: 5_000 }));
    await busy.until(({ type }) => type === 'environment.starting');
    const before = starts.length;

    await other.invoke({});

    expect(starts.indexOf('other') - before).toBeLessThanOrEqual(SLOTS);
    await Promise.all(burst);
  });
});

describe('stopStarting()', () => {
  it('leaves the requests that wait to the environments that are there', async () => {
    const lambda = await start({ ...outcomes, timeoutMs: 60_000 });
    const burst = times(10, () => lambda.invoke({ outcome: 'wait', ms: 50 }));
    await lambda.until(({ type }) => type === 'environment.starting');

    stopStarting(lambda);

    for (const { statusCode } of await Promise.all(burst)) expect(statusCode).toBe(200);
    expect(startsOf(lambda)).toBeLessThanOrEqual(SLOTS);
  });

  it('rejects the requests that no environment could take', async () => {
    const lambda = await start();

    stopStarting(lambda);

    await expect(lambda.invoke({})).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_CLOSED' });
    await lambda.shutdown();
  });
});

it.each([
  [1, 4],
  [4, 16],
  [64, 50],
])('a machine with %i GiB runs %i environments of a function at most', (gib, limit) => {
  expect(environmentLimit(gib * 2 ** 30)).toBe(limit);
});
