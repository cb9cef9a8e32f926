import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

describe.each(ONE_RUNTIME)('the log, on %s:', (runtime) => {
  it('a job that kills its environment ends at the failure destination, and not in a loop', {
    timeout: 120_000,
  }, async () => {
    const queue = await fauxqs.createQueue(`poison-${runtime.slice(0, -2)}`);
    const lambda = await startFunction({
      runtime,
      handler: 'function.handOffJobOnly',
      environment: {
        ASYNC_HANDLER: 'jobs/faults.killsTheExtension',
        ASYNC_HTTP_ON_FAILURE: queue.arn,
        AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
      },
    });

    const { requestId } = await invoke(lambda, { job: 'poison' });
    await lambda.idle();
    for (let n = 0; n < 4; n += 1) {
      await invoke(lambda);
      await lambda.idle();
    }

    // Its own lines may die with the extension.
    expect(linesWith(lambda, 'job found in the log of an earlier extension')).toHaveLength(3);
    expect(await queue.receive()).toMatchObject([
      {
        requestContext: { requestId, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
        responsePayload: { errorMessage: 'The environment ended during attempt 3 of the job' },
      },
    ]);
    expect((await invoke(lambda)).reply).toBe('ok');
  });

  it('what is not a job is reported, and the jobs beside it run', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.soilLog',
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });

    await invoke(lambda, { ms: 500 });
    await lambda.idle();
    await invoke(lambda);
    await lambda.idle();

    for (const what of [
      /log\.1: 9 bytes from \d+ on are not a job; something else has written there/,
      /log\.8: 15 bytes from 0 on are not a job; something else has written there/,
      /log\.9 cannot be read \(EISDIR\), so jobs in it are not found/,
    ]) {
      expect(linesWith(lambda, what)).not.toEqual([]);
    }
    expect(linesWith(lambda, 'job says done')).toHaveLength(1);
  });

  it('a state folder that cannot be written refuses the hand-off with the reason', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.blockState',
      environment: { ASYNC_HANDLER: 'jobs/say.handler' },
    });

    const { reply } = await invoke(lambda);

    expect(reply).toEqual({
      code: 'ASYNC_HTTP_JOURNAL_UNWRITABLE',
      message: expect.stringContaining('/tmp/async-http cannot be written (EEXIST)'),
    });
    await lambda.idle();
    expect(linesWith(lambda, 'job says')).toEqual([]);
  });

  it('is in /tmp where TMPDIR cannot be written', async () => {
    const lambda = await startFunction({
      runtime,
      environment: { ASYNC_HANDLER: 'jobs/say.handler', TMPDIR: '/var/task' },
    });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'job succeeded')).toHaveLength(1);
  });

  it('a function that empties /tmp loses no job, and none of those that it hands off later', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.emptyTmp',
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });

    for (let n = 0; n < 2; n += 1) {
      await invoke(lambda, { ms: 300 });
      await lambda.idle();
    }

    expect(linesWith(lambda, 'job succeeded')).toHaveLength(4);
    expect(linesWith(lambda, /\tERROR\t/)).toEqual([]);
  });
});
