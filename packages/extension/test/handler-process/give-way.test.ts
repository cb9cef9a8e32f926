import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { giveWay } from '../../src/handler-process/give-way.ts';

it('lets the function have the CPU first and the memory last', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => void child.kill('SIGKILL'));

  giveWay(Number(child.pid));

  expect(getPriority(child.pid)).toBe(10);
  expect(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
});

it('does not mind a process that is gone', () => {
  expect(() => giveWay(2 ** 22 + 1)).not.toThrow();
});
