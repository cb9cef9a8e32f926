import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/index.ts';

const ASYNC_HTTP_DELIVERY = 'arn:aws:sqs:eu-west-1:123456789012:jobs';

/** A hand-off that waits for the extension to have delivered it to a queue. */
async function startDelivery({ remainingMs = 30_000 } = {}) {
  const listener = startListener();
  const client = createClient({ ...listener.env, ASYNC_HTTP_DELIVERY });
  const context = lambdaContext({ getRemainingTimeInMillis: () => remainingMs });
  const handOff = () => client.handOff({}, context);
  const accepted = handOff();
  accepted.catch(() => {}); // The test looks later.
  const [job] = listener.jobs();
  if (!job) throw new Error('nothing was rung');
  return { listener, handOff, accepted, job };
}

describe('a delivery', () => {
  it('is accepted when it has arrived', async () => {
    const { listener, accepted, job } = await startDelivery();

    listener.answer(job, { status: 'delivered' });

    expect(await accepted).toEqual({ jobId: job.jobId, isDuplicate: false });
  });

  it('leaves no answer behind', async () => {
    const { listener, accepted, job } = await startDelivery();

    listener.answer(job, { status: 'delivered' });
    await accepted;

    expect(existsSync(join(listener.folder, 'answer.1.0'))).toBe(false);
  });

  it('is refused with the reason', async () => {
    const { listener, accepted, job } = await startDelivery();

    const refusal = { code: 'ASYNC_HTTP_DELIVERY_FAILED', message: 'The queue is gone.' };
    listener.answer(job, { status: 'refused', refusal });

    await expect(accepted).rejects.toMatchObject(refusal);
  });

  it('fails when nobody answers while the function could still reply', async () => {
    const { accepted } = await startDelivery({ remainingMs: 400 });

    await expect(accepted).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'no-answer',
      message: expect.stringMatching(/did not answer within 300 ms, .* though it may still run/),
    });
  });

  it('has arrived when the answer is there, however late this process is', async () => {
    const { listener, accepted, job } = await startDelivery({ remainingMs: 300 });

    const until = Date.now() + 400;
    while (Date.now() < until); // As if frozen.
    listener.answer(job, { status: 'delivered' });

    expect(await accepted).toEqual({ jobId: job.jobId, isDuplicate: false });
  });

  it('is answered also when /tmp was emptied and other jobs were handed off meanwhile', async () => {
    const { listener, handOff, accepted, job } = await startDelivery();
    renameSync(join(listener.folder, 'log.1'), join(listener.base, 'kept'));

    handOff().catch(() => {});
    renameSync(join(listener.base, 'kept'), join(listener.folder, 'log.1'));
    listener.answer(job, { status: 'delivered' });

    expect(await accepted).toEqual({ jobId: job.jobId, isDuplicate: false });
  });

  it('fails with its code when the answer was deleted before it was read', async () => {
    const { listener, accepted, job } = await startDelivery({ remainingMs: 400 });

    listener.answer(job, { status: 'delivered' });
    rmSync(join(listener.folder, 'answer.1.0'));

    await expect(accepted).rejects.toMatchObject({ code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE' });
  });
});
