import { readdirSync, readFileSync } from 'node:fs';
import type { Lambda } from '@async-http/emulator';
import { expect, it } from 'vitest';
import { findProcess } from '../src/processes.ts';
import { invoke, linesWith, startFunction } from './support/start-function.ts';

const REQUESTS = 1_000;

it(`${REQUESTS} requests with an instant job: each job runs once, and nothing grows`, {
  timeout: 240_000,
}, async () => {
  const lambda = await startFunction({
    runtime: 'nodejs24.x',
    handler: '/opt/proxy.handler',
    memoryMiB: 256,
    environment: { ASYNC_HANDLER: 'jobs/say.handler' },
  });
  const burst = async (requests: number) => {
    for (let n = 0; n < requests; n += 1) await invoke(lambda, { n });
    await lambda.idle();
  };

  await burst(100);
  const before = usage(lambda);
  await burst(REQUESTS - 100);
  const after = usage(lambda);

  expect(linesWith(lambda, 'job says')).toHaveLength(REQUESTS);
  expect(linesWith(lambda, /ERROR|WARN/)).toEqual([]);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2);
  expect(after.residentMiB).toBeLessThan(before.residentMiB + 32);
});

it('a job that prints faster than anybody reads: all its lines are there first, and nothing grows', {
  timeout: 120_000,
}, async () => {
  const lambda = await startFunction({
    runtime: 'nodejs24.x',
    timeoutMs: 60_000,
    environment: { ASYNC_HANDLER: 'jobs/say.prints' },
  });

  await invoke(lambda, { lines: 3_000, length: 100_000 });
  await lambda.idle();

  expect(linesWith(lambda, /job says x|job succeeded/)).toHaveLength(3_001);
  expect(usage(lambda).residentMiB).toBeLessThan(200);
});

/** Of the extension's process. */
function usage(lambda: Lambda): { descriptors: number; residentMiB: number } {
  const pid = findProcess(lambda, 'extension');
  if (!pid) throw new Error('The extension does not run.');
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    residentMiB: Number(resident?.[1]) / 1024,
  };
}
