import type { Lambda } from '@async-http/emulator';
import { startTable } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { linesWith, ONE_RUNTIME, type Runtime, startFunction } from './support/start-function.ts';

/** A process ends while a request for its job is on its way to the table. */
interface Moment {
  readonly victim: Parameters<Lambda['kill']>[0];
  /** @param operations of the table, the one of this moment last */
  isNow(operations: readonly string[]): boolean;
  /** The final state of the job if the request was lost, and if only its answer was lost. */
  readonly ends: readonly [lost: End, applied: End];
}

type End = 'succeeded' | 'overdue';

const EXTENSION = { extension: 'async-http' };

const MOMENTS: Record<string, Moment> = {
  'the key is claimed, and there is no job yet': {
    victim: 'runtime',
    isNow: (operations) => operations.length === 1,
    ends: ['succeeded', 'succeeded'],
  },
  'the first state is written': {
    victim: EXTENSION,
    isNow: (operations) => operations.length === 2,
    ends: ['succeeded', 'succeeded'],
  },
  'the key is kept, because the job has succeeded': {
    victim: EXTENSION,
    isNow: (operations) => operations.at(-1) === 'UpdateItem',
    ends: ['overdue', 'overdue'],
  },
  'the last state is written': {
    victim: EXTENSION,
    isNow: (operations) => operations.at(-2) === 'UpdateItem',
    ends: ['overdue', 'succeeded'],
  },
};

/** A sender repeats its delivery until the job has ended or is overdue. */
async function deliver(runtime: Runtime, { victim, isNow }: Moment, isApplied: boolean) {
  const table = await startTable();
  const lambda = await startFunction({
    runtime,
    handler: 'function.handOffWithKey',
    timeoutMs: 5_000,
    environment: {
      ASYNC_HANDLER: 'jobs/attempts.byEvent',
      ASYNC_HTTP_STORE: table.env.ASYNC_HTTP_STORE,
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    },
  });
  const killed = Promise.withResolvers<void>();
  const operations: string[] = [];
  let isOver = false;
  table.mood = (response, pass, operation) => {
    operations.push(operation);
    if (isOver || !isNow(operations)) return pass();
    isOver = true;
    const kill = () => {
      lambda.kill(victim).then(killed.resolve, killed.reject);
      return response;
    };
    if (!isApplied) return void kill();
    response.end = kill;
    pass();
  };
  const send = async () => {
    await lambda.invoke({ key: 'evt_1', untilAttempt: 1 });
    await lambda.idle();
  };
  // On a busy machine, a deadline may come first: that job has failed, and its key is free.
  while (!isOver) await send();
  await killed.promise;
  const ends = async () =>
    (await table.items('job#'))
      .filter(({ status }) => status !== 'failed')
      .map(({ status, openUntil }) =>
        Number(openUntil) + 5_000 < Date.now() ? 'overdue' : status,
      );
  await expect
    .poll(
      async () => {
        await send();
        return (await ends())[0];
      },
      { timeout: 30_000, interval: 500 },
    )
    .toMatch(/succeeded|overdue/);
  return { runs: linesWith(lambda, 'job says attempt').length, ends: await ends() };
}

describe.each(ONE_RUNTIME)('with a store, on %s,', (runtime) => {
  it('a job that its sender repeats runs, whichever request for it a process dies in', {
    timeout: 120_000,
  }, async () => {
    const cells = Object.entries(MOMENTS).flatMap(([name, moment]) =>
      moment.ends.map((end, index) => ({ name, moment, end, isApplied: index === 1 })),
    );

    const played = await Promise.all(
      cells.map(async ({ name, moment, end, isApplied }) => {
        const { runs, ends } = await deliver(runtime, moment, isApplied);
        // An attempt that was cut off is made again.
        const isRight = ends.join() === end && runs >= 1 && runs <= 2;
        return { name, isApplied, isRight, runs, ends };
      }),
    );

    expect(played.filter(({ isRight }) => !isRight)).toEqual([]);
  });
});
