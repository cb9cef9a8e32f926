import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lambda, LambdaEvent } from '@async-http/emulator';
import { startTable } from '@async-http/test-support';
import type { Fauxqs, Queue } from '../fauxqs.ts';
import { type Gate, openGate } from '../gate.ts';
import { LAYER, openFunction, type Runtime } from '../open-function.ts';
import { openStage, type Stage } from '../stage.ts';

/** One environment, directed by a stage, with both destinations behind a gate, and a table for keys and states. */
export interface World {
  readonly lambda: Lambda;
  readonly stage: Stage;
  readonly gate: Gate;
  readonly failures: Queue;
  readonly successes: Queue;
  readonly table: Awaited<ReturnType<typeof startTable>>;
  close(): Promise<void>;
}

/** On a busy machine, things did not come as they were to come before the fault. */
export class PlayAgain extends Error {}

/** An extension beside ours that only listens; its end ends the environment. */
const ANOTHER_EXTENSION = `#!/usr/bin/env node
const { get, request } = require('node:http');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
const next = (id) => get(api + 'event/next', { headers: { 'Lambda-Extension-Identifier': id } }, (r) => r.resume().on('end', () => next(id)));
request(api + 'register', { method: 'POST', headers: { 'Lambda-Extension-Name': 'another' } }, (r) =>
  r.resume().on('end', () => next(r.headers['lambda-extension-identifier']))).end('{"events":["INVOKE"]}');
`;

export async function openWorld({
  runtime,
  timeoutMs,
  fauxqs,
  hasAnotherExtension,
  hasSmallHeap,
  cpuCores,
}: {
  runtime: Runtime;
  timeoutMs: number;
  fauxqs: Fauxqs;
  hasAnotherExtension: boolean;
  /** So that the JavaScript heap is full before the environment is, where the kernel may end the next process too. */
  hasSmallHeap: boolean;
  cpuCores: number | undefined;
}): Promise<World> {
  const id = randomUUID().slice(0, 8);
  let closeTable = () => {};
  const [stage, gate, failures, successes, table, layer] = await Promise.all([
    openStage(),
    openGate(fauxqs.endpoint),
    fauxqs.createQueue(`failures-${id}`),
    fauxqs.createQueue(`successes-${id}`),
    startTable((close) => {
      closeTable = close;
    }),
    hasAnotherExtension ? writeLayer() : undefined,
  ]);
  const lambda = await openFunction({
    runtime,
    timeoutMs,
    ...(cpuCores !== undefined && { cpuCores }),
    code: join(import.meta.dirname, '../remote'),
    handler: 'function.handler',
    layers: layer ? [LAYER, layer] : [LAYER],
    environment: {
      ...stage.variables,
      ASYNC_HANDLER: 'job.handler',
      ASYNC_HTTP_ON_FAILURE: failures.arn,
      ASYNC_HTTP_ON_SUCCESS: successes.arn,
      AWS_ENDPOINT_URL_SQS: gate.endpoint,
      // What is in time depends on the machine where there is little CPU: these rows are about records.
      ...(cpuCores === undefined && {
        ASYNC_HTTP_STORE: table.env.ASYNC_HTTP_STORE,
        AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      }),
      ...(hasSmallHeap && { NODE_OPTIONS: '--max-old-space-size=32' }),
    },
  });
  return {
    lambda,
    stage,
    gate,
    failures,
    successes,
    table,
    async close() {
      await lambda.close();
      stage.close();
      gate.close();
      closeTable();
      if (layer) await rm(layer, { recursive: true });
    },
  };
}

async function writeLayer(): Promise<string> {
  const layer = await mkdtemp(join(tmpdir(), 'layer-'));
  await mkdir(join(layer, 'extensions'));
  await writeFile(join(layer, 'extensions', 'another'), ANOTHER_EXTENSION, { mode: 0o755 });
  return layer;
}

/** Resolves when a log line contains `text`. */
export function logLine(lambda: Lambda, text: string): Promise<void> {
  return until(lambda, () => lambda.logs.some(({ line }) => line.includes(text)), text);
}

/** Resolves when an event of this type is on the timeline, so many times. */
export function happened(
  lambda: Lambda,
  type: LambdaEvent['type'],
  { times = 1 } = {},
): Promise<void> {
  const count = () => lambda.timeline.filter((event) => event.type === type).length;
  return until(lambda, () => count() >= times, type);
}

/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 60_000;

/** Looks until it is so. */
export async function until(lambda: Lambda, isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (Date.now() > deadline)
      throw new Error(`${what}: not so within ${PATIENCE_MS} ms, of ${lambda.name}`);
    await sleep(10);
  }
}
