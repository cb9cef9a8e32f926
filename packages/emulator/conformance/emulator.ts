import { fileURLToPath } from 'node:url';
import { Bundler } from '../src/bundle/bundler.ts';
import { ServedProject } from '../src/cli/served-project.ts';
import { type HttpServer, startHttpServer } from '../src/http/server.ts';
import type { LambdaEvent } from '../src/lambda-types.ts';
import { readProject } from '../src/project/read-project.ts';
import { startLambda } from '../src/start-lambda.ts';
import type { Answer } from './match.ts';
import { invokeCall } from './play.ts';
import { send } from './send.ts';
import type { Addresses, IdleEnvironment, Target } from './target.ts';

const FOLDER = fileURLToPath(new URL('function/', import.meta.url));
export const IDLE_FUNCTION = 'conformance-idle';

export interface RunningEmulator extends Target {
  readonly startIdle: () => Promise<IdleEnvironment>;
  close(): Promise<void>;
}

/**
 * Serves `function/template.yaml` with the emulator of this checkout.
 *
 * @param onIdleApi called with the address of each environment of the idle function that this starts.
 */
export async function startEmulator(
  onIdleApi: (address: string) => void = () => {},
): Promise<RunningEmulator> {
  const project = readProject(`${FOLDER}template.yaml`);
  const served = await ServedProject.start(project, {
    bundler: new Bundler(fail),
    cpu: undefined,
    onEvent: (event) => reportAddress(event, onIdleApi),
    onUnusable: fail,
  });
  const server = await startHttpServer({ ...served.content, port: 0 });
  return {
    addresses: addressesOf(server),
    idleFunction: IDLE_FUNCTION,
    startIdle,
    async close() {
      await Promise.all([served.close(), server.close()]);
    },
  };
}

/** Starts an environment of the idle function, by invoking it. */
export async function startIdle(): Promise<IdleEnvironment> {
  const api = Promise.withResolvers<string>();
  const lambda = await startLambda({
    name: IDLE_FUNCTION,
    code: FOLDER,
    handler: 'index.handler',
    layers: [`${FOLDER}layer`],
    environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/idle' },
    timeoutMs: 30_000,
    onEvent: (event) => reportAddress(event, api.resolve),
  });
  const server = await startHttpServer({
    apis: [],
    functions: new Map([[IDLE_FUNCTION, lambda]]),
    port: 0,
  });
  const answer = send(server.url, invokeCall(IDLE_FUNCTION));
  return {
    api: await Promise.race([api.promise, answer.then(tooSoon)]),
    invoke: () => answer,
    async close() {
      await Promise.all([lambda.close(), server.close()]);
    },
  };
}

/** The idle layer's extension logs where the APIs of its environment are. */
function reportAddress(event: LambdaEvent, onAddress: (address: string) => void): void {
  const address = event.type === 'log' ? /^runtime-api=(.*)$/.exec(event.line)?.[1] : undefined;
  if (address !== undefined) onAddress(address);
}

/** With `template.yaml`'s names of the APIs and the function that has a URL. */
function addressesOf({ url, port }: HttpServer): Addresses {
  return {
    'invoke-api': url,
    'function-url': `http://conformance.lambda-url.localhost:${port}`,
    'http-api': `http://httpapi.execute-api.localhost:${port}`,
    'rest-api': `http://restapi.execute-api.localhost:${port}/live`,
  };
}

function tooSoon({ status, text }: Answer): never {
  throw new Error(`The idle function was to wait, but answered ${status} ${text}`);
}

function fail(problem: unknown): never {
  throw problem instanceof Error ? problem : new Error(String(problem));
}
