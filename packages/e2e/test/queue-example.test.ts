import { join } from 'node:path';
import { type FunctionDefinition, readProject } from '@async-http/emulator';
import { expect, it } from 'vitest';
import { startSqs } from './support/queue.ts';
import { invoke, linesWith, startFunction } from './support/start-function.ts';

const PROJECT = join(import.meta.dirname, '../../../examples/queue/serverless.yml');

/** A function of the example, with the local server in the place of AWS. */
async function start(delivery: string, name: string, environment: Record<string, string>) {
  const { functions } = await readProject(PROJECT, { env: { DELIVERY: delivery } });
  const { runtime, ...definition } = functions.find(
    (candidate) => candidate.name === name,
  ) as FunctionDefinition;
  return startFunction({
    ...definition,
    runtime,
    environment: { ...definition.environment, ...environment },
  });
}

const REQUEST = { version: '2.0', rawPath: '/reports' };

it('the queue example answers when the queue has the job, and its worker runs it', async () => {
  const sqs = await startSqs();
  const queue = await sqs.createQueue('Jobs');
  const api = await start(queue.arn, 'api', sqs.environment);
  const worker = await start(queue.arn, 'worker', sqs.environment);

  const { reply, requestId } = await invoke(api, REQUEST);
  expect(reply).toMatchObject({ statusCode: 202, body: 'accepted' });
  expect(await queue.size()).toBe(1);

  expect(await queue.deliverTo(worker)).toMatchObject({ delivered: 1, failed: 0 });
  await worker.idle();
  expect(linesWith(worker, `report ${requestId}.1: finished`)).toHaveLength(1);
  expect(linesWith(api, 'report')).toEqual([]);
});

it('the queue example needs one other variable to run its jobs in their own environment', async () => {
  const api = await start('environment', 'api', {});

  const { reply, requestId } = await invoke(api, REQUEST);
  await api.idle();

  expect(reply).toMatchObject({ statusCode: 202, body: 'accepted' });
  expect(linesWith(api, `report ${requestId}.1: finished`)).toHaveLength(1);
});
