import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDev } from '../src/emulator-dev.ts';

it('an app with the CDK construct is synthesized and runs: reply, job, and the record of a failed job', async () => {
  // Beside the packages that it requires.
  const folder = await mkdtemp(join(import.meta.dirname, '../node_modules/.cdk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(import.meta.dirname, 'fixtures/cdk'), folder, { recursive: true });
  const dev = startDev(join(folder, 'cdk.json'));
  onTestFinished(() => dev.close());

  const replies = await Promise.all(
    ['report', 'fails'].map(async (path) => fetch(`${await dev.url()}/${path}`)),
  );

  expect(replies.map(({ status }) => status)).toEqual([202, 202]);
  await dev.sees(/ Report·\d +\/report: finished\n/);
  await dev.sees(/→ FailedJobs\w*: RetriesExhausted \(Report\w*, 3 attempts\) Error: no luck\n/);
});
