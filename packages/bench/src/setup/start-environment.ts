import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, LambdaContext } from '@async-http/client';
import type { Stand } from '../figure.ts';
import { extensionEnvironment, extensionProgram } from './extension-program.ts';
import { type ExtensionsApi, startExtensionsApi } from './extensions-api.ts';
import { startProgram } from './start-program.ts';

/** The layer's extension with a handler process behind it; the benchmark itself is the function. */
export interface Environment {
  readonly api: ExtensionsApi;
  /** The client that is in the layer, connected with this extension. */
  readonly client: Client;
  /** The extension's process. */
  readonly pid: number;
}

/** Starts one, which ends with the figure. The background handler is loaded, and an event is asked for. */
export async function startEnvironment({ layer, onEnd }: Stand): Promise<Environment> {
  const api = await startExtensionsApi();
  onEnd(() => api.close());
  const folder = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));

  const socket = join(folder, 'extension.sock');
  const extension = startProgram(extensionProgram(layer), [], {
    ...extensionEnvironment({ api, socket, nodeFolder: dirname(process.execPath) }),
  });
  onEnd(() => extension.stop());
  await firstOf(api.nextCall(), extension.ended);

  const { createClient } = await importFromLayer(layer.folder);
  const client = createClient({ ASYNC_HTTP_SOCKET: socket });
  const environment = { api, client, pid: extension.pid };
  await runJob(environment, {}); // Waits until the background handler is loaded.
  return environment;
}

/** One request that hands one job off, from INVOKE until the extension asks for the next event. */
export async function runJob({ api, client }: Environment, event: unknown): Promise<number> {
  const request = api.invoke();
  await client.handOff(event, lambdaContext(request), { isLast: true });
  return api.nextCall();
}

/** What Lambda passes to a handler as its second argument. */
export function lambdaContext(request: { requestId: string; deadlineMs: number }): LambdaContext {
  return {
    awsRequestId: request.requestId,
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/bench',
    logStreamName: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
    getRemainingTimeInMillis: () => request.deadlineMs - Date.now(),
  };
}

function importFromLayer(folder: string): Promise<typeof import('@async-http/client')> {
  const path = join(folder, 'nodejs/node_modules/@async-http/client/dist/index.js');
  return import(pathToFileURL(path).href);
}

async function firstOf(next: Promise<unknown>, ended: Promise<unknown>): Promise<void> {
  const failed = ended.then(() => {
    throw new Error('The extension has ended before it asked for an event.');
  });
  await Promise.race([next, failed]);
}
