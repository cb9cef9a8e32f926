import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LeaseConnection, type Loss } from '../src/wait-until/lease-connection.ts';
import { socketPath } from './stand-in.ts';

type Answer = (response: ServerResponse) => void;

const hold: Answer = (response) => {
  response.writeHead(200, { 'async-http-version': '1', 'async-http-deadline-ms': '1795348800000' });
  response.flushHeaders();
};

/** An extension that does with leases what the test says; it ends its answer when the client ends its body. */
async function startExtension(answer: Answer) {
  const path = await socketPath();
  const leases: { headers: Record<string, unknown>; response: ServerResponse; isOver: boolean }[] =
    [];
  let connections = 0;
  const server = createServer((request, response) => {
    const lease = { headers: request.headers, response, isOver: false };
    leases.push(lease);
    request.resume().once('end', () => {
      lease.isOver = true;
      response.end();
    });
    answer(response);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { path, leases, server, connections: () => connections };
}

/** Opens a lease; `told` settles with the first thing that is told about it. */
function open(connection: LeaseConnection, request = {}) {
  let end = () => {};
  const told = new Promise<number | undefined | Loss>((resolve) => {
    end = connection.open(request, { held: resolve, lost: resolve });
  });
  return { end, told };
}

describe('a lease', () => {
  it('says which request it is for, and learns the deadline', async () => {
    const { path, leases } = await startExtension(hold);

    const { told } = open(new LeaseConnection(path), { requestId: 'r1', deadlineMs: 5 });

    expect(await told).toBe(1_795_348_800_000);
    expect(leases[0]?.headers).toMatchObject({
      'async-http-version': '1',
      'async-http-request-id': 'r1',
      'async-http-deadline-ms': '5',
    });
  });

  it('uses the same connection again, also when the next one does not wait for the last answer', async () => {
    const { path, leases, connections } = await startExtension(hold);
    const connection = new LeaseConnection(path);

    const first = open(connection);
    await first.told;
    first.end();
    const second = open(connection, { requestId: 'r2' });
    await second.told;

    expect(leases.map(({ isOver }) => isOver)).toEqual([true, false]);
    expect(connections()).toBe(1);
  });

  it('may be over before it was answered', async () => {
    const { path, leases } = await startExtension(hold);
    const connection = new LeaseConnection(path);

    open(connection).end();
    await open(connection).told;

    expect(leases.map(({ isOver }) => isOver)).toEqual([true, false]);
  });

  it('is lost when the extension ends it', async () => {
    const { path } = await startExtension((response) => response.writeHead(200).end());
    const losses: Loss[] = [];
    const connection = new LeaseConnection(path);

    await new Promise<void>((resolve) => {
      connection.open({}, { held() {}, lost: (loss) => resolve(void losses.push(loss)) });
    });

    expect(losses).toEqual([{ why: 'ended' }]);
    expect(connection.isUsable).toBe(true);
  });

  it('is refused with the words of the extension', async () => {
    const { path } = await startExtension((response) =>
      response.writeHead(503).end('{"code":"ASYNC_HTTP_SHUTTING_DOWN","message":"It ends – now."}'),
    );

    const { told } = open(new LeaseConnection(path));

    expect(await told).toEqual({
      why: 'refused',
      detail: 'ASYNC_HTTP_SHUTTING_DOWN: It ends – now.',
    });
  });

  it('is broken when the extension dies', async () => {
    const { path, server } = await startExtension(hold);
    const lost = new Promise<Loss>((resolve) => {
      new LeaseConnection(path).open(
        {},
        { held: () => server.closeAllConnections(), lost: resolve },
      );
    });

    expect(await lost).toMatchObject({ why: 'broken' });
  });

  it('says when nothing listens', async () => {
    const { told } = open(new LeaseConnection(await socketPath()));

    expect(await told).toEqual({ why: 'not-listening' });
  });
});
