import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HandOff, type RunRequest, receive } from '../src/inbox.ts';
import { RefusalError } from '../src/refusal.ts';
import { openSocket } from '../src/socket.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** The inbox on a real socket, and what it received. */
async function startInbox({ accept }: { accept?: (handOff: HandOff) => Promise<never> } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  const socketPath = join(folder, 'nested', 'extension.sock');
  const server = await openSocket(socketPath);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const received: HandOff[] = [];
  const runs: RunRequest[] = [];
  const ended: string[] = [];
  const clientGone = Promise.withResolvers<void>();
  const leaseEnded = Promise.withResolvers<void>();
  receive(
    server,
    {
      accept:
        accept ??
        (async (handOff) => {
          received.push(handOff);
          return { jobId: 'r1.1' };
        }),
      run: async (request) => {
        runs.push(request);
        return '{"status":"succeeded","result":12345678901234567890}';
      },
      lease: () => ({ deadlineMs: 1_800_000_000_000, end: leaseEnded.resolve }),
      end: (requestId) => ended.push(requestId),
      clientGone: clientGone.resolve,
    },
    log,
  );
  return {
    socketPath,
    received,
    runs,
    ended,
    clientGone: clientGone.promise,
    leaseEnded: leaseEnded.promise,
  };
}

const HEADERS = {
  'async-http-version': '1',
  'async-http-request-id': 'r1',
  'async-http-deadline-ms': '1800000000000',
  'idempotency-key': 'k1',
};
const RUN_HEADERS = {
  ...HEADERS,
  'async-http-job-id': 'r0.1',
  'async-http-origin-request-id': 'r0',
  'async-http-accepted-at': '1700000000000',
  'async-http-attempt': '2',
};
const BODY = '{"event":{"greeting":"héllo"},"context":{}}';

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

function send(
  socketPath: string,
  {
    method = 'POST',
    path = '/jobs',
    headers = HEADERS,
    body = BODY,
  }: { method?: string; path?: string; headers?: object; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method, path, headers: { ...headers }, agent: false },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Speaks raw bytes, and waits for the inbox to close the connection. */
function sendRaw(socketPath: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('the inbox', () => {
  it('answers 202 with the job id, and names its version', async () => {
    const { socketPath, received } = await startInbox();

    const answer = await send(socketPath);

    expect(answer).toMatchObject({ status: 202, body: '{"jobId":"r1.1"}' });
    expect(answer.headers['async-http-version']).toBe('1');
    expect(received).toMatchObject([
      { requestId: 'r1', deadlineMs: 1_800_000_000_000, idempotencyKey: 'k1' },
    ]);
    expect(received[0]?.body.toString()).toBe(BODY);
  });

  it('keeps a body of 5 MB of multi-byte text intact', async () => {
    const { socketPath, received } = await startInbox();
    const body = JSON.stringify({ event: 'ä€😀'.repeat(560_000), context: {} });

    await send(socketPath, { body });

    expect(received[0]?.body.equals(Buffer.from(body))).toBe(true);
  });

  it('tells the end of a request', async () => {
    const { socketPath, ended } = await startInbox();

    const answer = await send(socketPath, { path: '/invocations/r%2F1/end', body: '' });

    expect([answer.status, ended]).toEqual([204, ['r/1']]);
  });

  it('takes the end along with the last hand-off', async () => {
    const { socketPath, ended } = await startInbox();

    await send(socketPath, { headers: { ...HEADERS, 'async-http-end': '1' } });

    expect(ended).toEqual(['r1']);
  });

  it('answers a run with how it ended, result and all as it is', async () => {
    const { socketPath, runs } = await startInbox();

    const answer = await send(socketPath, { path: '/runs', headers: RUN_HEADERS });

    expect(answer).toMatchObject({
      status: 200,
      body: '{"status":"succeeded","result":12345678901234567890}',
    });
    expect(runs).toMatchObject([
      {
        requestId: 'r1',
        deadlineMs: 1_800_000_000_000,
        jobId: 'r0.1',
        originRequestId: 'r0',
        acceptedAt: 1_700_000_000_000,
        attempt: 2,
      },
    ]);
    expect(runs[0]?.body.toString()).toBe(BODY);
  });

  it('passes a refusal on with its code, and still takes the end along', async () => {
    const { socketPath, ended } = await startInbox({
      accept: async () => {
        throw new RefusalError('ASYNC_HTTP_HANDLER_UNAVAILABLE', 'It is broken.');
      },
    });

    const answer = await send(socketPath, { headers: { ...HEADERS, 'async-http-end': '1' } });

    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
      message: 'It is broken.',
    });
    expect(ended).toEqual(['r1']);
  });

  it('notices that the function process has gone', async () => {
    const { socketPath, clientGone } = await startInbox();

    await send(socketPath, { headers: { ...HEADERS, connection: 'close' } });

    await clientGone;
  });
});

describe('a lease', () => {
  async function takeLease(socketPath: string) {
    const outgoing = request({
      socketPath,
      method: 'POST',
      path: '/leases',
      headers: { 'async-http-version': '1' },
    });
    outgoing.on('error', () => {}); // A test destroys it.
    outgoing.flushHeaders();
    const [answer] = await once(outgoing, 'response');
    return { outgoing, answer };
  }

  it('is held at once, and says until when', async () => {
    const { socketPath } = await startInbox();

    const { answer } = await takeLease(socketPath);

    expect(answer.statusCode).toBe(200);
    expect(answer.headers['async-http-deadline-ms']).toBe('1800000000000');
  });

  it('ends with the body of its request, and so does the answer', async () => {
    const { socketPath, leaseEnded } = await startInbox();
    const { outgoing, answer } = await takeLease(socketPath);

    outgoing.end();

    await leaseEnded;
    await once(answer.resume(), 'end');
  });

  it('ends with the process that took it', async () => {
    const { socketPath, leaseEnded, clientGone } = await startInbox();
    const { outgoing } = await takeLease(socketPath);

    outgoing.destroy();

    await leaseEnded;
    await clientGone;
  });
});

describe('the inbox refuses', () => {
  it.each([
    ['another path', { path: '/trace' }, 404, 'ASYNC_HTTP_BAD_REQUEST'],
    ['another method', { method: 'PUT' }, 405, 'ASYNC_HTTP_BAD_REQUEST'],
    ['a body that is not JSON', { body: '{"event":' }, 400, 'ASYNC_HTTP_BAD_REQUEST'],
    ['an empty body', { body: '' }, 400, 'ASYNC_HTTP_BAD_REQUEST'],
    ['a body without event', { body: '{"context":{}}' }, 400, 'ASYNC_HTTP_BAD_REQUEST'],
    ['a request without version', { headers: {} }, 400, 'ASYNC_HTTP_VERSION_MISMATCH'],
    [
      'another version',
      { headers: { ...HEADERS, 'async-http-version': '2' } },
      400,
      'ASYNC_HTTP_VERSION_MISMATCH',
    ],
    [
      'a request without request id',
      { headers: { ...HEADERS, 'async-http-request-id': '' } },
      400,
      'ASYNC_HTTP_BAD_REQUEST',
    ],
    [
      'a deadline that is no number',
      { headers: { ...HEADERS, 'async-http-deadline-ms': 'soon' } },
      400,
      'ASYNC_HTTP_BAD_REQUEST',
    ],
  ])('%s', async (_, what, status, code) => {
    const { socketPath, received } = await startInbox();

    const answer = await send(socketPath, what);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, message: expect.any(String) });
    expect(received).toEqual([]);
  });

  it.each([
    ['job id', 'async-http-job-id', ''],
    ['request', 'async-http-origin-request-id', ''],
    ['time', 'async-http-accepted-at', 'yesterday'],
    ['attempt', 'async-http-attempt', '0'],
  ])('a run without a usable %s', async (_, name, value) => {
    const { socketPath, runs } = await startInbox();

    const answer = await send(socketPath, {
      path: '/runs',
      headers: { ...RUN_HEADERS, [name]: value },
    });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'ASYNC_HTTP_BAD_REQUEST',
      message: expect.stringContaining(name),
    });
    expect(runs).toEqual([]);
  });

  it('a body that announces more than 16 MiB, without reading it', async () => {
    const { socketPath } = await startInbox();

    const answer = await sendRaw(
      socketPath,
      `POST /jobs HTTP/1.1\r\nhost: x\r\n${headerLines()}content-length: ${17 * 1024 * 1024}\r\n\r\n`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('ASYNC_HTTP_PAYLOAD_TOO_LARGE');
  });

  it('a body that grows beyond 16 MiB', async () => {
    const { socketPath } = await startInbox();

    const answer = await send(socketPath, {
      headers: { ...HEADERS, 'transfer-encoding': 'chunked' },
      body: Buffer.alloc(16 * 1024 * 1024 + 1, ' '),
    }).catch((error: Error) => error);

    // The connection is closed while the client still writes, so it may not come to read the answer.
    if (answer instanceof Error) expect(answer.message).toMatch(/EPIPE|ECONNRESET|hang up/);
    else expect(answer.status).toBe(413);
  });

  it('what is not HTTP', async () => {
    const { socketPath } = await startInbox();

    expect(await sendRaw(socketPath, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('a client that connects and says nothing', { timeout: 15_000 }, async () => {
    const { socketPath } = await startInbox();

    expect(await sendRaw(socketPath, '')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('a request that dies half-way, and takes the next one', async () => {
    const { socketPath, received } = await startInbox();
    const socket = connect(socketPath);
    socket.end(`POST /jobs HTTP/1.1\r\nhost: x\r\n${headerLines()}content-length: 100\r\n\r\n{"ev`);
    await new Promise((resolve) => socket.resume().once('close', resolve));

    const answer = await send(socketPath);

    expect(answer.status).toBe(202);
    expect(received).toHaveLength(1);
  });
});

function headerLines(): string {
  return Object.entries(HEADERS)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
