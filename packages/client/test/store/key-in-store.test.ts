import { rmSync, writeFileSync } from 'node:fs';
import { lambdaContext, startListener, startTable, type TableMood } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { createClient, jobKey } from '../../src/index.ts';
import { openStore } from '../../src/store/open-store.ts';

/** Two environments of one function, with the table that they share. */
async function startEnvironments() {
  const table = await startTable();
  const start = () => {
    const listener = startListener();
    const client = createClient({ ...listener.env, ...table.env });
    const handOff = (event: unknown, key = jobKey('order-7'), leftMs = 30_000) =>
      client.handOff(event, lambdaContext({ getRemainingTimeInMillis: () => leftMs }), { key });
    return { listener, client, handOff };
  };
  return { table, start, one: start(), other: start() };
}

describe('a key with a store', () => {
  it('starts one job, wherever it is used', async () => {
    const { one, other } = await startEnvironments();

    const first = await one.handOff({ order: 7 });
    const second = await other.handOff({ order: 7 });

    expect(first.isDuplicate).toBe(false);
    expect(second).toEqual({ jobId: first.jobId, isDuplicate: true });
    expect(one.listener.jobs()).toHaveLength(1);
    expect(other.listener.jobs()).toEqual([]);
  });

  it('starts one job when it is used everywhere at once', async () => {
    const { one, other } = await startEnvironments();

    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).handOff({ order: 7 })),
    );

    expect(all.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(1);
    expect([...one.listener.jobs(), ...other.listener.jobs()]).toHaveLength(1);
  });

  it('costs one request, and none where the environment knows it already', async () => {
    const { table, one } = await startEnvironments();

    await one.handOff({ order: 7 });
    await one.handOff({ order: 7 });

    expect(table.requests.map(({ operation }) => operation)).toEqual(['PutItem']);
  });

  it('costs a hand-off without a key nothing', async () => {
    const { table, one } = await startEnvironments();

    await one.client.handOff({ order: 7 }, lambdaContext());

    expect(table.requests).toEqual([]);
  });

  it('is refused with another payload', async () => {
    const { one, other } = await startEnvironments();
    await one.handOff({ order: 7 });

    await expect(other.handOff({ order: 8 })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_KEY_CONFLICT',
    });
    expect(other.listener.jobs()).toEqual([]);
  });

  it('is free when its job has died with its environment', async () => {
    const { one, other } = await startEnvironments();
    // Six seconds before now, its time was over; clocks may differ by five.
    const { listener, client } = one;
    const dead = lambdaContext({ getRemainingTimeInMillis: () => 1_500 });
    const clock = Date.now;
    Date.now = () => clock() - 8_000;
    await client.handOff({ order: 7 }, dead, { key: jobKey('order-7') });
    Date.now = clock;

    expect((await other.handOff({ order: 7 })).isDuplicate).toBe(false);
    expect(listener.jobs()).toHaveLength(1);
  });

  it('is free when its time to live is over, though DynamoDB has not deleted it', async () => {
    const { table, one, other } = await startEnvironments();
    await one.handOff({ order: 7 }, jobKey('order-7', { ttl: '1s' }));
    const [item] = await table.items('key#');
    await expect
      .poll(() => Date.now() / 1_000, { timeout: 5_000 })
      .toBeGreaterThan(Number(item?.expiresAt));

    expect((await other.handOff({ order: 7 })).isDuplicate).toBe(false);
  });

  it('is free again when the hand-off fails after it was claimed', async () => {
    const { table, one, other } = await startEnvironments();
    const { folder } = one.listener;
    table.mood = (_response, pass, operation) => {
      if (operation === 'PutItem') {
        rmSync(folder, { recursive: true, force: true });
        writeFileSync(folder, 'a file where the folder was');
      }
      pass();
    };

    await expect(one.handOff({ order: 7 })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_JOURNAL_UNWRITABLE',
    });

    table.mood = 'works';
    expect(table.requests.map(({ operation }) => operation)).toEqual(['PutItem', 'DeleteItem']);
    expect((await other.handOff({ order: 7 })).isDuplicate).toBe(false);
  });

  it('is kept as its hash, with the name of the function', async () => {
    const { table, one } = await startEnvironments();

    const { jobId } = await one.handOff({ order: 7 });

    expect(await table.items()).toEqual([
      {
        id: expect.stringMatching(/^key#checkout#[0-9a-f]{64}$/),
        jobId,
        payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        openUntil: expect.any(Number),
        expiresAt: expect.any(Number),
      },
    ]);
  });

  it.each<[TableMood, string]>([
    ['throttles', "Raise the table's capacity, or make it on-demand."],
    ['denies', "Allow the function's role dynamodb:GetItem, PutItem, UpdateItem and DeleteItem"],
    ['is down', 'InternalServerError'],
    ['does not answer', 'NetworkError'],
  ])('refuses a hand-off, with the reason, when the table %s', async (mood, advice) => {
    const { table, one } = await startEnvironments();
    table.mood = mood;

    await expect(one.handOff({ order: 7 })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_STORE_FAILED',
      message: expect.stringContaining(advice),
    });
    expect(one.listener.jobs()).toEqual([]);
  });

  it('does not make the function late when the table does not answer', async () => {
    const { table, one } = await startEnvironments();
    table.mood = 'does not answer';
    const began = performance.now();

    await expect(one.handOff({ order: 7 }, jobKey('order-7'), 1_500)).rejects.toMatchObject({
      code: 'ASYNC_HTTP_STORE_FAILED',
    });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('is free when its job was not started because the answers of the table were lost', async () => {
    const { table, one, other } = await startEnvironments();
    table.mood = (response, pass, operation) => {
      if (operation !== 'PutItem') return pass();
      response.end = (() => response.destroy()) as typeof response.end;
      pass();
    };
    await expect(one.handOff({ order: 7 })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_STORE_FAILED',
    });
    table.mood = 'works';

    expect((await other.handOff({ order: 7 })).isDuplicate).toBe(false);
  });

  it('is claimed for many jobs at once, over some connections, however long that takes', async () => {
    const { table, one } = await startEnvironments();
    let open = 0;
    let most = 0;
    table.mood = (_, pass) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        pass();
      }, 300);
    };

    const all = await Promise.all(
      Array.from({ length: 400 }, (_, n) => one.handOff({ n }, jobKey(`order-${n}`))),
    );

    expect(all.every(({ isDuplicate }) => !isDuplicate)).toBe(true);
    expect(most).toBe(32);
  });

  it('is refused soon, however many wait for their turn, when the table does not answer', async () => {
    const { table, one } = await startEnvironments();
    table.mood = 'does not answer';
    const began = performance.now();

    const all = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => one.handOff({ n }, jobKey(`order-${n}`))),
    );

    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it('is refused with the reason when the table does not exist', async () => {
    const { table, one } = await startEnvironments();
    const client = createClient({
      ...one.listener.env,
      ...table.env,
      ASYNC_HTTP_STORE: 'arn:aws:dynamodb:eu-west-1:123456789012:table/other',
    });

    await expect(
      client.handOff(7, lambdaContext(), { key: jobKey('order-7') }),
    ).rejects.toMatchObject({
      code: 'ASYNC_HTTP_STORE_FAILED',
      message: expect.stringMatching(/the table other could not be used .*Create the table/),
    });
  });

  it('succeeds when the answer to its claim was lost', async () => {
    const { table, one } = await startEnvironments();
    const { jobId } = await one.handOff({ order: 7 });

    // The same claim again, as a repeated request makes it.
    const { store } = openStore(table.env, '');
    const [item] = await table.items('key#');
    const claim = {
      keyHash: String(item?.id).split('#')[2] ?? '',
      jobId,
      payloadHash: '',
      openUntilMs: Date.now() + 30_000,
      expiresAtMs: Date.now() + 60_000,
    };
    expect(await store.claimKey(claim, AbortSignal.timeout(5_000))).toBeUndefined();
  });
});

describe('a request that arrives late', () => {
  const signal = () => AbortSignal.timeout(5_000);

  it('does not open the key of a job that has succeeded', async () => {
    const { table } = await startEnvironments();
    const { store } = openStore(table.env, '');
    const openUntilMs = Date.now() + 30_000;
    const claim = {
      keyHash: 'a'.repeat(64),
      jobId: 'r1.a',
      payloadHash: '',
      openUntilMs,
      expiresAtMs: Date.now() + 60_000,
    };
    await store.claimKey(claim, signal());
    await store.keepKey(claim.keyHash, claim.jobId, signal());

    await store.claimKey(claim, signal());
    await store.extendKey(claim.keyHash, claim.jobId, openUntilMs, signal());

    expect((await table.items('key#'))[0]).not.toHaveProperty('openUntil');
  });
});

describe('the id of a job with a store', () => {
  it('cannot be guessed', async () => {
    const { one } = await startEnvironments();

    const { jobId } = await one.client.handOff(7, lambdaContext());

    // 128 bits.
    expect(jobId).toMatch(/^8f507cfc-example-request\.[\w-]{22}$/);
  });
});
