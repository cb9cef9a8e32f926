import { fork } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Command, Report } from '../fixtures/destinations/sender.ts';
import { firstMessage } from './first-message.ts';

const PROGRAM = new URL('../fixtures/destinations/sender.ts', import.meta.url).pathname;

/** Sends from a process with the environment of an extension, and tells how it ended. */
export async function sendInProcess(
  command: Omit<Command, 'kind' | 'event'> & Partial<Command>,
  environment: Record<string, string>,
): Promise<Report> {
  const child = fork(PROGRAM, {
    execArgv: ['--conditions=@async-http/source'],
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
