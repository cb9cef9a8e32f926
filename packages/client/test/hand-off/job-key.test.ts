import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Bell } from '../../src/hand-off/bell.ts';
import { createClient, type Environment, jobKey } from '../../src/index.ts';
import { FAILED, RECORD_STATES, STATE_OFFSET } from '../../src/protocol/index.ts';

function startClient(variables: Environment = {}) {
  const listener = startListener();
  const client = createClient({ ...listener.env, ...variables });
  return { listener, client, keys: join(listener.folder, 'keys') };
}

const context = lambdaContext();

/** The only file of a key. */
function onlyClaim(keys: string): string {
  const [name = '', ...more] = readdirSync(keys);
  expect(more).toEqual([]);
  return join(keys, name);
}

describe('a hand-off with a key', () => {
  it('starts a job, and is a duplicate the second time', async () => {
    const { client, listener } = startClient();

    const first = await client.handOff({ order: 7 }, context, { key: jobKey('stripe:evt_1') });
    const second = await client.handOff({ order: 7 }, context, { key: jobKey('stripe:evt_1') });

    expect(first.isDuplicate).toBe(false);
    expect(second).toEqual({ jobId: first.jobId, isDuplicate: true });
    expect(listener.jobs()).toHaveLength(1);
  });

  it('starts one job when called many times at once', async () => {
    const { client, listener } = startClient();

    const all = await Promise.all(
      Array.from({ length: 50 }, () => client.handOff(1, context, { key: jobKey('a') })),
    );

    expect(all.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    expect(listener.jobs()).toHaveLength(1);
  });

  it('starts a job for each of several keys', async () => {
    const { client, listener } = startClient();

    await client.handOff(1, context, { key: jobKey('a') });
    await client.handOff(1, context, { key: jobKey('b') });

    expect(listener.jobs()).toHaveLength(2);
  });

  it('has nothing to do with a hand-off without one', async () => {
    const { client, listener } = startClient();

    await client.handOff(1, context, { key: jobKey('a') });
    await client.handOff(1, context);

    expect(listener.jobs()).toHaveLength(2);
  });

  it('gives the extension the hash of the key, and not the key', async () => {
    const { client, listener } = startClient();

    await client.handOff(1, context, { key: jobKey('secret') });

    const [job] = listener.jobs();
    expect(job?.facts.keyHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(job)).not.toContain('secret');
  });

  it('starts a job when the one before has failed, so that its file is gone', async () => {
    const { client, listener, keys } = startClient();
    await client.handOff(1, context, { key: jobKey('a') });
    rmSync(onlyClaim(keys));

    expect((await client.handOff(1, context, { key: jobKey('a') })).isDuplicate).toBe(false);
    expect(listener.jobs()).toHaveLength(2);
  });

  it.each([
    ['failed', FAILED, 0],
    ['succeeded', ' ', 1],
  ])(
    'is remembered unless the job has failed: one that has %s at once',
    async (_, mark, claims) => {
      const { client, listener, keys } = startClient();
      const ring = Bell.prototype.ring;
      onTestFinished(() => void Object.assign(Bell.prototype, { ring }));
      Bell.prototype.ring = function (line) {
        ring.call(this, line);
        if (line.type !== 'job') return;
        const fd = openSync(join(listener.folder, `log.${line.log}`), 'r+');
        writeSync(fd, RECORD_STATES.settled + mark, line.offset + STATE_OFFSET);
        closeSync(fd);
      };

      await client.handOff(1, context, { key: jobKey('a') });

      expect(readdirSync(keys)).toHaveLength(claims);
    },
  );

  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    [undefined, 3_600_000],
    ['30d', 2_592_000_000],
  ] as const)('is remembered for its ttl %s', async (ttl, ms) => {
    const { client, keys } = startClient();
    const before = Date.now();

    await client.handOff(1, context, { key: jobKey('a', { ttl }) });

    const { expiresAt } = JSON.parse(readFileSync(onlyClaim(keys), 'utf8'));
    expect(expiresAt).toBeGreaterThanOrEqual(before + ms);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + ms);
  });

  it('starts a job when the key has expired', async () => {
    const { client, keys } = startClient();
    await client.handOff(1, context, { key: jobKey('a') });
    const file = onlyClaim(keys);
    const claim = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...claim, expiresAt: Date.now() - 1 }));

    expect((await client.handOff(1, context, { key: jobKey('a') })).isDuplicate).toBe(false);
  });

  it('starts a job when the file of the key has been damaged', async () => {
    const { client, keys } = startClient();
    await client.handOff(1, context, { key: jobKey('a') });
    writeFileSync(onlyClaim(keys), '{"jobId":');

    expect((await client.handOff(1, context, { key: jobKey('a') })).isDuplicate).toBe(false);
  });

  it('keeps no key of a hand-off that was refused', async () => {
    const { client, listener, keys } = startClient();
    await client.handOff(1, context, { key: jobKey('first') });
    rmSync(onlyClaim(keys));
    listener.refuse({ code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'It is broken.' });

    const refused = client.handOff(1, context, { key: jobKey('a') });

    await expect(refused).rejects.toMatchObject({ code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE' });
    expect(readdirSync(keys)).toEqual([]);
  });

  it('remembers the latest 2,000 keys, so that /tmp cannot fill up', async () => {
    const { client, keys, listener } = startClient();

    for (let n = 0; n < 2_010; n += 1) {
      await client.handOff(1, context, { key: jobKey(`key ${n}`) });
      listener.lines(); // Else the bell would be full.
    }

    expect(readdirSync(keys)).toHaveLength(2_000);
    expect((await client.handOff(1, context, { key: jobKey('key 2009') })).isDuplicate).toBe(true);
    expect((await client.handOff(1, context, { key: jobKey('key 0') })).isDuplicate).toBe(false);
  });
});

describe('the same key with another payload', () => {
  it('is refused, naming the job and both hashes', async () => {
    const { client, listener } = startClient();
    const { jobId } = await client.handOff({ amount: 1 }, context, { key: jobKey('a') });

    const conflict = client.handOff({ amount: 2 }, context, { key: jobKey('a') });

    await expect(conflict).rejects.toMatchObject({
      code: 'ASYNC_HTTP_KEY_CONFLICT',
      jobId,
      message: expect.stringMatching(/SHA-256 [0-9a-f]{64}, now [0-9a-f]{64}/),
    });
    expect(listener.jobs()).toHaveLength(1);
  });

  it('of an HTTP event, is one with another body', async () => {
    const { client } = startClient();
    const event = (requestId: string, body: string) => ({ requestContext: { requestId }, body });
    await client.handOff(event('1', '{}'), context, { key: jobKey('a') });

    const { isDuplicate } = await client.handOff(event('2', '{}'), context, { key: jobKey('a') });
    const conflict = client.handOff(event('3', '{"x":1}'), context, { key: jobKey('a') });

    expect(isDuplicate).toBe(true);
    await expect(conflict).rejects.toMatchObject({ code: 'ASYNC_HTTP_KEY_CONFLICT' });
  });

  it('is what its payload option says', async () => {
    const { client } = startClient();
    const send = (tries: number, payload: unknown) =>
      client.handOff({ tries }, context, { key: jobKey(`${payload}`, { payload }) });
    for (const payload of [null, 'same']) await send(1, payload);

    expect((await send(2, null)).isDuplicate).toBe(true);
    expect((await send(2, 'same')).isDuplicate).toBe(true);
  });
});

describe('ASYNC_HTTP_KEY_INVALID is thrown for', () => {
  it.each([
    ['an empty key', '', undefined, 'has 0'],
    ['a key that is too long', 'x'.repeat(1_025), undefined, 'has 1025'],
    ['a number as key', 7, undefined, 'is of type number'],
    ['no key', undefined, undefined, 'is of type undefined'],
    ['a duration without a unit', 'a', { ttl: '10' }, 'it is "10"'],
    ['a duration of nothing', 'a', { ttl: '0s' }, 'it is "0s"'],
    ['a duration over 30 days', 'a', { ttl: '31d' }, 'it is "31d"'],
    ['a number as duration', 'a', { ttl: 60 }, 'it is 60'],
    ['a misspelt option', 'a', { keyTtl: '24h' }, '"keyTtl" is not one of them'],
    ['a duration that is not in an object', 'a', '24h', '"24h" is not one of them'],
  ])('%s', (_, key, options, words) => {
    expect(() => jobKey(key as never, options as never)).toThrow(
      expect.objectContaining({
        code: 'ASYNC_HTTP_KEY_INVALID',
        message: expect.stringContaining(words),
      }),
    );
  });
});

it('a key that jobKey() has not made is refused, and nothing is started', async () => {
  const { client, listener } = startClient();

  const refused = client.handOff(1, context, { key: 'plain' as never });

  await expect(refused).rejects.toThrow('key must be made by jobKey(');
  expect(listener.jobs()).toEqual([]);
});
