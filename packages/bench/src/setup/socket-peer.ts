import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stand } from '../figure.ts';
import { type Program, startProgram } from './start-program.ts';

/** Starts `programs/<name>`, which listens on a Unix socket, in its own process. It ends with the figure. */
export async function startSocketPeer(
  { onEnd }: Stand,
  name: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ socket: string; program: Program }> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const socket = join(folder, 'peer.sock');
  const program = startProgram(process.execPath, [programPath(name), socket], env);
  onEnd(() => program.stop());
  await program.ready;
  return { socket, program };
}

export function programPath(name: string): string {
  return join(import.meta.dirname, '../programs', name);
}
