import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { LambdaOptions, RuntimeName } from '../../../src/lambda-types.ts';
import { fixture, nodePaths } from '../../support/start.ts';
import { type RunningApi, startApi } from '../start-api.ts';

/** What a function waits for between two parts of its response. */
export interface Gate {
  readonly url: string;
  /** Lets the function continue, as soon as it waits. */
  open(): Promise<void>;
}

async function startGate(): Promise<Gate> {
  const arrived = Promise.withResolvers<() => void>();
  const server = createServer((_, response) => arrived.resolve(() => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, open: async () => (await arrived.promise)() };
}

export interface StreamingApi extends RunningApi {
  readonly gate: Gate;
}

/** A streaming function, `stream`, behind a REST API that streams (`GET /`) and a function URL that does. */
export async function startStreaming({
  handler = 'handler',
  runtime = 'nodejs24.x',
  ...lambda
}: Partial<LambdaOptions> & { readonly runtime?: RuntimeName } = {}): Promise<StreamingApi> {
  const gate = await startGate();
  const nodePath = nodePaths[runtime];
  const api = await startApi({
    routes: { 'GET /': 'stream' },
    api: { protocol: 'rest', stage: 'dev' },
    route: { streams: true },
    url: { streams: true },
    lambda: {
      code: fixture('functions/streaming'),
      handler: `http.${handler}`,
      runtime,
      ...(nodePath && { nodePath }),
      environment: { GATE: gate.url },
      ...lambda,
    },
  });
  return { ...api, gate };
}
