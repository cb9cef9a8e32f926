import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readFifo } from '../../src/sandbox/read-fifo.ts';

function makeFifo(): string {
  const folder = mkdtempSync(join(tmpdir(), 'read-fifo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync('mkfifo', [join(folder, 'out')]);
  return join(folder, 'out');
}

it('reads every line, and ends when its writer has', async () => {
  const path = makeFifo();
  const lines: string[] = [];
  const { ended } = readFifo(path, (line) => lines.push(line));

  writeFileSync(path, 'one\ntwo\nthree');
  await ended;

  expect(lines).toEqual(['one', 'two', 'three']);
});

it('ends when it is closed, where no writer has ever come', async () => {
  const { ended, close } = readFifo(makeFifo(), () => {});

  close();

  await ended;
});
