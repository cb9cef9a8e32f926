import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { isRunning } from '../fixtures/is-running.ts';

const program = (name: string) => [
  '--conditions=@async-http/source',
  join(import.meta.dirname, '../fixtures', name),
];

it('the time limit for loading counts only while the environment is awake', async () => {
  const child = spawn(process.execPath, program('awake-timeout.ts'));
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = text(child.stdout);
  await new Promise((resolve) => child.stdout.once('data', resolve));

  // Frozen for longer than the limit: a plain timer would fire in the first turn after the thaw.
  child.kill('SIGSTOP');
  await setTimeout(700);
  child.kill('SIGCONT');

  const [, turns] = (await output).split('\n');
  expect(Number(turns)).toBeGreaterThan(5);
});

it('a handler process in an endless loop ends with the extension', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));

  const { stdout: pid } = await promisify(execFile)(process.execPath, [
    ...program('extension-that-exits.ts'),
    join(folder, 'marker'),
  ]);

  expect(Number(pid)).toBeGreaterThan(0);
  await vi.waitUntil(() => !isRunning(Number(pid)), { timeout: 5000 });
});
