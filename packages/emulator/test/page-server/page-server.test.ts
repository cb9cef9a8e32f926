import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPageServer } from '../../src/page-server/page-server.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import type { RecordedEvent } from '../../src/recording/recording.ts';
import { call } from '../support/call.ts';
import { openEvents, startPage } from './start-page.ts';

const line = (text: string): RecordedEvent & { type: 'log' } => ({
  at: 1,
  functionName: 'f',
  environmentId: 'e',
  type: 'log',
  source: 'function',
  line: text,
});

const NOTHING = { action: 'destination-down', isDown: true };

describe('requests that are not from the page', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/events'],
    ['GET', '/recording.json'],
    ['GET', '/recording.html'],
    ['GET', '/payloads/r'],
    ['POST', '/actions'],
  ])('of another origin are refused: %s %s', async (method, path) => {
    const { address, token } = await startPage();

    const headers = { origin: 'http://evil.example', 'x-token': token };
    const { status, json } = await call(address, method, path, { headers });

    expect(status).toBe(403);
    expect(json).toEqual({
      code: 'ASYNC_HTTP_EMULATOR_PAGE_FORBIDDEN',
      message: expect.stringContaining('The request comes from http://evil.example'),
    });
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example:80'])(
    'to the host "%s" are refused',
    async (host) => {
      const { address, token } = await startPage();

      const { status } = await call(address, 'GET', '/', { headers: { host, 'x-token': token } });

      expect(status).toBe(403);
    },
  );

  it.each(['http://127.0.0.1:1', 'null', 'https://'])(
    'of the origin %s are refused',
    async (origin) => {
      const { act, address } = await startPage();

      expect(
        await act(NOTHING, { origin: origin === 'https://' ? `https://${address}` : origin }),
      ).toMatchObject({ status: 403 });
    },
  );

  it.each([undefined, 'wrong', ''])('cannot act with the token %s', async (token) => {
    const { address } = await startPage();

    const headers: Record<string, string> = token === undefined ? {} : { 'x-token': token };
    const { status, json } = await call(address, 'POST', '/actions', { headers, body: NOTHING });

    expect(status).toBe(403);
    expect(json.message).toMatch(/The token of the page is missing or wrong.* reload it/);
  });

  it('are let through under the names of this machine', async () => {
    const { address } = await startPage();
    const host = address.replace('127.0.0.1', 'localhost');

    const { status } = await call(address, 'GET', '/', {
      headers: { host, origin: `http://${host}` },
    });

    expect(status).toBe(200);
  });
});

it('no page of another origin can embed, read or keep what it answers', async () => {
  const { address } = await startPage();

  const { headers } = await call(address, 'GET', '/');

  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
});

describe('events', () => {
  it('begin with what the run is, then all that is kept, then what happens', async () => {
    const { address, recorder } = await startPage();
    recorder.add(line('before'));

    const events = await openEvents(address);
    const [hello, before] = await events.take(2);
    recorder.add(line('after'));
    const [after] = await events.take(1);

    expect(hello).toEqual({
      event: 'hello',
      data: {
        startedAt: recorder.startedAt,
        url: 'http://127.0.0.1:3000',
        functions: [],
        forgotten: 0,
      },
    });
    expect(before).toEqual({ id: '0', data: { seq: 0, event: line('before') } });
    expect(after).toEqual({ id: '1', data: { seq: 1, event: line('after') } });
  });

  it('go on where a lost connection has ended', async () => {
    const { address, recorder } = await startPage();
    const events = await openEvents(address);
    for (const text of ['a', 'b']) recorder.add(line(text));
    await events.take(3);
    events.close();
    for (const text of ['c', 'd']) recorder.add(line(text));

    // Browsers repeat the address, and say what they had last.
    const again = await openEvents(address, '/events?after=0', { 'last-event-id': '1' });

    expect((await again.take(3)).map(({ id }) => id)).toEqual([undefined, '2', '3']);
  });

  it('go on after the one that is asked for', async () => {
    const { address, recorder } = await startPage();
    for (const text of ['a', 'b', 'c']) recorder.add(line(text));

    const events = await openEvents(address, '/events?after=1');

    expect((await events.take(2))[1]).toMatchObject({ data: { event: line('c') } });
  });

  it('begin with the oldest that is kept when more was missed', async () => {
    const recorder = new Recorder({ limits: { entries: 2, bytes: 1e6, payloadBytes: 0 } });
    const { address } = await startPage({ recorder });
    for (let index = 0; index < 10; index++) recorder.add(line(String(index)));

    const events = await openEvents(address, '/events?after=3');

    const [hello, oldest] = await events.take(2);
    expect(hello?.data).toMatchObject({ forgotten: 8 });
    expect(oldest?.id).toBe('8');
  });

  it('all arrive, also more than a connection takes at once', async () => {
    const { address, recorder } = await startPage();
    const events = await openEvents(address);
    const text = 'x'.repeat(10_000);

    for (let index = 0; index < 2_000; index++) recorder.add(line(text));

    const arrived = (await events.take(2_001)).slice(1);
    expect(arrived.map(({ id }) => Number(id))).toEqual(arrived.map((_, index) => index));
  });

  it('have a log line of a megabyte, cut off and on one line', async () => {
    const { address, recorder } = await startPage();
    recorder.add(line(`${'x\n'.repeat(512 * 1024)}`));

    const [, entry] = await (await openEvents(address)).take(2);

    expect(entry?.data.event.line).toMatch(/\(cut off: 1,048,576 characters\)$/);
  });

  it('cost nothing any more when the browser has gone', async () => {
    const { address, recorder } = await startPage();
    const events = await openEvents(address);
    await events.take(1);
    events.close();
    const stream = await openEvents(address);

    recorder.add(line('hello'));

    expect(await stream.take(2)).toHaveLength(2);
  });
});

it('payloads are there by request', async () => {
  const { address, recorder } = await startPage();
  recorder.addPayload('r1', 'event', Buffer.from('{}'));

  expect((await call(address, 'GET', '/payloads/r1')).json).toEqual({
    event: { text: '{}', bytes: 2, isCut: false },
  });
  for (const gone of ['other', '%ff']) {
    expect(await call(address, 'GET', `/payloads/${gone}`)).toMatchObject({
      status: 200,
      json: {},
    });
  }
});

describe('downloads', () => {
  const secret = 'hunter2-hunter2';

  it('are a page with payloads, and data without, both without secrets', async () => {
    const { address, recorder } = await startPage({ secrets: () => [secret] });
    recorder.add(line(`it is ${secret}`));
    recorder.addPayload('r', 'event', Buffer.from(JSON.stringify({ cookie: 'mine', a: secret })));

    const html = await call(address, 'GET', '/recording.html');
    const json = await call(address, 'GET', '/recording.json');

    expect(html.headers['content-disposition']).toBe('attachment; filename="recording.html"');
    expect(html.text).toContain('it is [redacted]');
    expect(html.text).not.toMatch(/mine|hunter2/);
    expect(json.json).toMatchObject({
      version: 1,
      url: 'http://127.0.0.1:3000',
      entries: [{ seq: 0, event: { line: 'it is [redacted]' } }],
    });
    expect(json.json).not.toHaveProperty('payloads');
  });
});

it.each(['/nothing', '/payloads/', '/payloads/a/b', '//'])('there is no %s', async (path) => {
  const { address } = await startPage();

  expect((await call(address, 'GET', path)).status).toBe(404);
});

it('ends although a stream is open', async () => {
  const { address, server } = await startPage();
  const events = await openEvents(address);
  await events.take(1);

  await server.close();

  await expect(call(address, 'GET', '/')).rejects.toThrow(/ECONNREFUSED/);
});

it('says which option helps when its port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;

  await expect(
    startPageServer({
      port,
      recorder: new Recorder(),
      functions: () => new Map(),
      localAws: undefined,
      about: () => ({ functions: [] }),
      secrets: () => [],
    }),
  ).rejects.toMatchObject({
    code: 'ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE',
    message: expect.stringContaining('--timeline-port 0'),
  });
});
