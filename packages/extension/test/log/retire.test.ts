import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseRing } from '@async-http/client/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { logFolder } from '../support/log-folder.ts';

const PROGRAM = new URL('../fixtures/log/appends.ts', import.meta.url).pathname;
const JOBS = 200;

it('a client that appends while its log is retired loses nothing, at whatever step it does', async () => {
  const { folder, logs, lines } = logFolder();
  const client = spawn(
    process.execPath,
    ['--conditions=@async-http/source', PROGRAM, folder, `${JOBS}`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void client.kill('SIGKILL'));
  const found = new Map<string, number>();
  const retired = new Set<number>();

  const askForNext = () => {
    if (found.size < JOBS) client.stdin.write('.');
  };
  client.stdin.write('.');
  for await (const line of createInterface(client.stdout)) {
    const ring = parseRing(line);
    if (ring?.type !== 'job') throw new Error(`not a job: ${line}`);
    const isNew = !found.has(ring.jobId);
    const entry = logs.find(ring);
    expect(entry?.readEvent().length, line).toBe(300_002);
    found.set(ring.jobId, (found.get(ring.jobId) ?? 0) + 1);
    retired.add(ring.log);
    // In turn: the client appends while the log is retired, and the log is retired while the client looks at it.
    if (isNew && found.size % 2 === 0) askForNext();
    entry?.settle();
    logs.retire();
    if (isNew && found.size % 2 === 1) askForNext();
    if (found.size === JOBS && !client.stdin.writableEnded) client.stdin.end();
  }
  if (client.exitCode === null) await once(client, 'exit');

  expect(found.size).toBe(JOBS);
  // So that it has been tried.
  expect(retired.size).toBeGreaterThan(2);
  expect(lines.lines).toEqual([]);
});
