import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME, startFunction, story } from './support/start-function.ts';

/** fault → what the log says about it, once. */
const FAULTS = [
  ['throws', 'thrown at once'],
  ['rejects', 'rejected later'],
  ['throwsLater', 'thrown from a timer'],
  ['rejectsUnhandled', 'nobody listens'],
  ['exits', 'exit status 0'],
  ['isKilled', 'killed'],
  ['runsOutOfMemory', '(memory|killed)'],
] as const;

describe.each(ONE_RUNTIME)('a job that fails cannot hurt the function, on %s:', (runtime) => {
  it.each(FAULTS)('%s', async (fault, reason) => {
    const lambda = await startFunction({
      runtime,
      timeoutMs: 20_000,
      memoryMiB: 256, // So that it runs out of memory soon.
      environment: { ASYNC_HANDLER: 'jobs/faults.byEvent' },
    });

    const { requestId, reply } = await invoke(lambda, { fault });
    expect(reply).toEqual({ jobId: `${requestId}.1` });
    await lambda.idle();
    const [outcome, ...more] = linesWith(lambda, /\[async-http\] job (?!accepted)/);
    expect(more).toEqual([]);
    expect(outcome).toMatch(
      new RegExp(`${requestId}\tERROR\t.*job failed.*${requestId}\\.1.*${reason}`),
    );

    // The same environment keeps working.
    await invoke(lambda, { fault: 'none' });
    await lambda.idle();
    expect(linesWith(lambda, 'job says fine')).toHaveLength(1);
    expect(lambda.timeline.filter(({ type }) => type === 'environment.starting')).toHaveLength(1);
  });

  it.each(['loopsForEver', 'neverSettles', 'obeysItsSignal'])(
    '%s: it is stopped before the deadline, and the environment survives',
    async (fault) => {
      const lambda = await startFunction({
        runtime,
        timeoutMs: 3_000,
        environment: { ASYNC_HANDLER: 'jobs/faults.byEvent' },
      });

      const { requestId } = await invoke(lambda, { fault });
      await lambda.idle();

      expect(story(lambda, requestId)).not.toContain('timeout');
      expect(linesWith(lambda, /job aborted: it was still running at the deadline/)).toHaveLength(
        1,
      );
      await invoke(lambda, { fault: 'none' });
      await lambda.idle();
      expect(linesWith(lambda, 'job says fine')).toHaveLength(1);
      expect(lambda.timeline.filter(({ type }) => type === 'environment.starting')).toHaveLength(1);
    },
  );

  it('a job that loops does not delay the hand-off of the next one', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.handOffTenTimes',
      timeoutMs: 3_000,
      environment: { ASYNC_HANDLER: 'jobs/faults.byEvent' },
    });

    const { reply } = await invoke(lambda, { fault: 'loopsForEver' });

    expect(reply).toHaveLength(10);
  });
});
