import { fork } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Command, Report } from '../fixtures/destinations/sender.ts';
import { bundle } from './bundle.ts';
import { firstMessage } from './first-message.ts';

const PROGRAM = bundle(join(import.meta.dirname, '../fixtures/destinations/sender.ts'));

/** Sends from a process with the environment of an extension, and tells how it ended. */
export async function sendInProcess(
  command: Omit<Command, 'kind' | 'event'> & Partial<Command>,
  environment: Record<string, string>,
): Promise<Report> {
  const child = fork(PROGRAM, {
    execArgv: [], // Not the conditions of this process.
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDTEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
      ...environment,
    },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.send({ kind: 'record', event: '{"order":7}', ...command });
  return firstMessage<Report>(child);
}
