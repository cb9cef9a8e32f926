import type { StoredJob } from '@async-http/client/store';
import { toState } from '@async-http/client/store';
import { lambdaContext } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { buildStatus, type StatusOptions } from '../src/build-status.ts';
import { createStatus } from '../src/status.ts';

const RUNNING: StoredJob = {
  jobId: 'r1.abc',
  status: 'running',
  attempt: 1,
  changedAt: 2_000,
  acceptedAt: 1_000,
  startedAt: 2_000,
  expiresAtMs: Date.now() + 60_000,
};

/** @param looks what is found, look by look; the last one stays */
function start(looks: (Partial<StoredJob> | undefined)[], options?: StatusOptions<never>) {
  const asked: string[] = [];
  const pauses: number[] = [];
  const handler = buildStatus(
    {
      async read(jobId) {
        asked.push(jobId);
        const found = looks.length > 1 ? looks.shift() : looks[0];
        const job = found && { ...RUNNING, ...found };
        return job && { state: toState(job), expiresAtMs: job.expiresAtMs };
      },
      pause: async (ms) => void pauses.push(ms),
    },
    options ?? { allow: () => true },
  );
  const get = async (event: object = { pathParameters: { id: 'r1.abc' } }) => {
    const { statusCode, headers, body } = await handler(event as never, lambdaContext());
    return { statusCode, headers, body: JSON.parse(body) };
  };
  return { get, asked, pauses };
}

describe('the state of a job, for a caller', () => {
  it.each(['accepted', 'running', 'retrying'] as const)(
    'is 202, and when to ask again, while it is %s',
    async (status) => {
      const { get } = start([{ status }]);

      expect(await get()).toMatchObject({
        statusCode: 202,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'retry-after': '1',
        },
        body: { jobId: 'r1.abc', status, acceptedAt: '1970-01-01T00:00:01.000Z' },
      });
    },
  );

  it('is to be asked for again when the next attempt starts', async () => {
    const { get } = start([{ status: 'retrying', nextAttemptAt: Date.now() + 29_500 }]);

    expect((await get()).headers).toMatchObject({ 'retry-after': '30' });
  });

  it('may be asked for again after a minute when its time is over', async () => {
    const { get } = start([{ status: 'running', openUntil: 1_000 }]);

    expect(await get()).toMatchObject({
      statusCode: 202,
      headers: { 'retry-after': '60' },
      body: { overdueSince: '1970-01-01T00:00:01.000Z' },
    });
  });

  it('is 200 with its result when it has succeeded', async () => {
    const { get } = start([{ status: 'succeeded', endedAt: 3_000, result: '{"pages":3}' }]);

    const { statusCode, headers, body } = await get();

    expect(statusCode).toBe(200);
    expect(headers).not.toHaveProperty('retry-after');
    expect(body).toMatchObject({ status: 'succeeded', result: { pages: 3 } });
  });

  it('is 200 when it has failed, with the type of the error and not its message', async () => {
    const { get } = start([
      { status: 'failed', errorType: 'TypeError', errorMessage: 'password of shop is 1234' },
    ]);

    const { statusCode, body } = await get();

    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ status: 'failed', error: { errorType: 'TypeError' } });
    expect(JSON.stringify(body)).not.toContain('1234');
  });

  it('is waited for a moment, because it is written behind the reply', async () => {
    const { get, pauses } = start([undefined, undefined, {}]);

    expect((await get()).statusCode).toBe(202);
    expect(pauses).toEqual([500, 500]);
  });

  it('is 404 for a job that is not there', async () => {
    expect((await start([undefined]).get()).statusCode).toBe(404);
  });

  it('is 410 when it is no longer kept', async () => {
    expect((await start([{ expiresAtMs: Date.now() - 1 }]).get()).statusCode).toBe(410);
  });

  it('is 403 for whom allow refuses, which knows who asks and for which job', async () => {
    const told: unknown[] = [];
    const allow = (event: { user: string }, job: object) => {
      told.push(job);
      return event.user === 'ada';
    };
    const { get } = start([{}], { allow: allow as never });

    expect((await get({ user: 'eve', rawPath: '/jobs/r1.abc' })).statusCode).toBe(403);
    expect((await get({ user: 'ada', rawPath: '/jobs/r1.abc' })).statusCode).toBe(202);
    expect(told[0]).toMatchObject({ jobId: 'r1.abc', status: 'running' });
  });

  it.each([
    ['pathParameters.id', { pathParameters: { id: 'r1.abc' } }],
    ['pathParameters.jobId', { pathParameters: { jobId: 'r1.abc' } }],
    ['the end of rawPath', { rawPath: '/dev/jobs/r1.abc' }],
    ['the end of path', { path: '/jobs/r1.abc', pathParameters: null }],
  ])('is that of the job in %s', async (_, event) => {
    const { get, asked } = start([{}]);
    await get(event);

    expect(asked).toEqual(['r1.abc']);
  });

  it.each([
    ['of 10,000 characters', 'x'.repeat(10_000)],
    ['with spaces', 'r1 .abc'],
    ['that is not text', { id: 'r1.abc' }],
  ])('is 404 for an id %s, and the table is not asked', async (_, id) => {
    const { get, asked } = start([{}]);

    expect((await get({ pathParameters: { id } })).statusCode).toBe(404);
    expect(asked).toEqual([]);
  });

  it('is 400 without an id', async () => {
    expect((await start([{}]).get({ rawPath: '/' })).statusCode).toBe(400);
  });
});

describe('createStatus', () => {
  it('throws without an allow function', () => {
    expect(() => createStatus({} as never)).toThrow('createStatus needs an allow function');
  });
});
