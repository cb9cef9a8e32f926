import { startTable, type TableAnswer } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { getJob } from '../../src/store/get-job.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoredJob } from '../../src/store/store.ts';

/** A table, in the variables of this process, as a function has them. */
async function startStore() {
  const table = await startTable();
  const before = { ...process.env };
  Object.assign(process.env, table.env);
  onTestFinished(() => {
    for (const name of Object.keys(table.env)) delete process.env[name];
    Object.assign(process.env, before);
  });
  const { store } = openStore(table.env, '');
  const put = (job: Partial<StoredJob>) =>
    store.putJob(
      {
        jobId: 'r1.abc',
        status: 'running',
        attempt: 1,
        changedAt: Date.now(),
        acceptedAt: 1_000,
        expiresAtMs: Date.now() + 60_000,
        ...job,
      },
      AbortSignal.timeout(5_000),
    );
  return { table, put };
}

describe('the state of a job', () => {
  it('is what was written last', async () => {
    const { put } = await startStore();
    await put({ status: 'running', startedAt: 2_000 });
    await put({ status: 'succeeded', startedAt: 2_000, endedAt: 3_000, result: '{"pages":3}' });

    expect(await getJob('r1.abc')).toEqual({
      jobId: 'r1.abc',
      status: 'succeeded',
      attempt: 1,
      acceptedAt: '1970-01-01T00:00:01.000Z',
      startedAt: '1970-01-01T00:00:02.000Z',
      endedAt: '1970-01-01T00:00:03.000Z',
      result: { pages: 3 },
    });
  });

  it('has the error of the attempt that failed, and when the next one starts', async () => {
    const { put } = await startStore();
    await put({
      status: 'retrying',
      nextAttemptAt: 9_000,
      errorType: 'Error',
      errorMessage: 'not yet',
    });

    expect(await getJob('r1.abc')).toMatchObject({
      status: 'retrying',
      nextAttemptAt: '1970-01-01T00:00:09.000Z',
      error: { errorType: 'Error', errorMessage: 'not yet' },
    });
  });

  it('says since when it is overdue, when its time is over and it has not ended', async () => {
    const { put } = await startStore();
    await put({ openUntil: 9_000 });

    expect(await getJob('r1.abc')).toMatchObject({
      status: 'running',
      overdueSince: '1970-01-01T00:00:09.000Z',
    });
  });

  it('is not overdue as long as another clock may be some seconds behind', async () => {
    const { put } = await startStore();
    await put({ openUntil: Date.now() - 1_000 });

    expect(await getJob('r1.abc')).not.toHaveProperty('overdueSince');
  });

  it('is not overwritten by an earlier attempt in another environment', async () => {
    const { put } = await startStore();
    await put({ attempt: 2, status: 'succeeded' });

    await put({ attempt: 1, status: 'failed' });

    expect(await getJob('r1.abc')).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it('is not overwritten by a request that arrives late', async () => {
    const { put } = await startStore();
    await put({ status: 'succeeded', changedAt: 2_000 });

    await put({ status: 'running', changedAt: 1_000 });

    expect(await getJob('r1.abc')).toMatchObject({ status: 'succeeded' });
  });

  it.each(['succeeded', 'failed'] as const)(
    'is %s also when the clock was set back while it ran',
    async (status) => {
      const { put } = await startStore();
      await put({ status: 'running', changedAt: 2_000 });

      await put({ status, changedAt: 1_000, endedAt: 1_000 });

      expect(await getJob('r1.abc')).toMatchObject({ status });
    },
  );

  it('is a success also when it came from a dead-letter queue, which counts attempts from 1', async () => {
    const { put } = await startStore();
    await put({ attempt: 3, status: 'retrying' });

    await put({ attempt: 1, status: 'succeeded' });

    expect(await getJob('r1.abc')).toMatchObject({ status: 'succeeded' });
  });

  it.each<[string, object]>([
    ['an unknown status', { status: 'done' }],
    ['a time that is none', { acceptedAt: 1e100 }],
    ['attributes of other types', { attempt: '1' }],
    ['attributes missing', { acceptedAt: undefined }],
    ['a result that is not JSON', { result: '{"pages":' }],
  ])('is unknown when something else has written the item, with %s', async (_, facts) => {
    const { put } = await startStore();
    await put(facts as Partial<StoredJob>);

    expect(await getJob('r1.abc')).toBeUndefined();
  });

  it.each<[string, TableAnswer]>([
    ['text', (response) => response.end('"ok"')],
    ['a list', (response) => response.end('[]')],
    ['half an answer', (response) => response.end('{"Item":{"id":')],
    ['nothing', (response) => response.end()],
    ['a page', (response) => response.end('<html>Log in</html>')],
    ['a redirect', (response) => response.writeHead(307, { location: '/' }).end()],
    [
      'an item that is none',
      (response) => response.writeHead(400).end('{"__type":"No","Item":{"id":null}}'),
    ],
  ])('is not known when something else than DynamoDB answers, with %s', async (_, answer) => {
    const { table } = await startStore();
    table.mood = answer;

    await expect(getJob('r1.abc')).rejects.toMatchObject({ code: 'ASYNC_HTTP_STORE_FAILED' });
    expect(table.requests).toHaveLength(1);
  });

  it('is unknown for a job that was never there, or has expired', async () => {
    const { put } = await startStore();
    await put({ expiresAtMs: Date.now() - 1_000 });

    expect(await getJob('r1.abc')).toBeUndefined();
    expect(await getJob('r1.other')).toBeUndefined();
  });

  it('cannot be asked for when the table cannot be read', async () => {
    const { table } = await startStore();
    table.mood = 'denies';

    await expect(getJob('r1.abc')).rejects.toMatchObject({ code: 'ASYNC_HTTP_STORE_FAILED' });
  });

  it('cannot be asked for without ASYNC_HTTP_STORE', async () => {
    await startStore();
    delete process.env.ASYNC_HTTP_STORE;

    await expect(getJob('r1.abc')).rejects.toMatchObject({
      code: 'ASYNC_HTTP_STORE_FAILED',
      message: expect.stringContaining('ASYNC_HTTP_STORE is not set'),
    });
  });
});
