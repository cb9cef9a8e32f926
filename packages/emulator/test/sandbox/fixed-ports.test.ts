import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folder } from '../support/layer.ts';
import { fixture, hasNamespaces, start } from '../support/start.ts';

/** A function that calls a server of this machine, and ends when that answers. */
async function startCaller(listener: { host: string; port: number }) {
  const calls: ServerResponse[] = [];
  const server = createServer((_, response) => {
    calls.push(response);
    server.emit('call');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const code = await folder({
    'index.mjs': `export const handler = async () => (await fetch('http://127.0.0.1:${port}')).text();`,
  });
  const lambda = await start({
    code,
    // Its extension works on when telemetry has told it that the function is done.
    layers: [fixture('layers/third-party')],
    environment: {
      LISTENER_HOST: listener.host,
      LISTENER_PORT: String(listener.port),
      WORK_MS: '0',
    },
    isolation: 'namespace',
    timeoutMs: 20_000,
  });
  return {
    lambda,
    /** Resolves when so many handlers wait for the answer. */
    waitFor: async (count: number) => {
      while (calls.length < count) await once(server, 'call');
    },
    answer: () => {
      for (const call of calls.splice(0)) call.end('answered');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.runIf(hasNamespaces)('a fixed port that an extension listens on', () => {
  it('is one for each environment at sandbox.localdomain, telemetry included', async () => {
    const { lambda, waitFor, answer } = await startCaller({
      host: 'sandbox.localdomain',
      port: await freePort(),
    });
    const invokes = [lambda.invoke({}), lambda.invoke({})];
    await waitFor(2);
    answer();

    const results = await Promise.all(invokes);

    expect(new Set(results.map(({ environmentId }) => environmentId)).size).toBe(2);
    for (const { requestId, environmentId } of results) {
      const heard = await lambda.until(
        (event) => event.type === 'log' && event.line === `tail-worker works for ${requestId}`,
      );
      expect(heard.environmentId).toBe(environmentId);
    }
  });

  it.each(['127.0.0.1', '0.0.0.0'])(
    'at %s leaves the function with one environment, for which requests wait',
    async (host) => {
      const { lambda, waitFor, answer } = await startCaller({ host, port: await freePort() });
      const first = lambda.invoke({});
      await waitFor(1);
      const second = lambda.invoke({});
      await lambda.line(/^A second environment wanted a port that the first one has/);
      answer();
      await waitFor(1);
      answer();

      const results = await Promise.all([first, second]);

      expect(results.map(({ payload }) => payload.toString())).toEqual([
        '"answered"',
        '"answered"',
      ]);
      expect(new Set(results.map(({ environmentId }) => environmentId)).size).toBe(1);
    },
  );

  it('says what to do when another program has it', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const { lambda } = await startCaller({ host: '127.0.0.1', port });

    const { functionError } = await lambda.invoke({});

    expect(functionError).toBe('Unhandled');
    expect(lambda.logs.map(({ line }) => line)).toContain(
      'The function or an extension wants a port that another function, its own version before a change, or another program has. ' +
        'Stop that one, or change the port. All environments share the network of this machine, unlike on Lambda. ' +
        'What listens on the host name sandbox.localdomain has an address of its own in each environment, on Lambda too.',
    );
  });
});
