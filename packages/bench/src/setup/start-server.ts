import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Stand } from '../figure.ts';
import { programPath } from './socket-peer.ts';

/**
 * Starts `programs/<name>`, a server on loopback, in its own process. It ends with the figure.
 *
 * @returns its address
 */
export async function startServer({ onEnd }: Stand, name: string): Promise<string> {
  const server = fork(programPath(name), { execArgv: [] });
  onEnd(() => server.kill('SIGKILL'));
  const [endpoint] = (await once(server, 'message')) as [string];
  return endpoint;
}
