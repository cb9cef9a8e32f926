import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Program {
  readonly pid: number;
  readonly stdout: Readable;
  /** Resolves when the program has written something to its stdout. */
  readonly ready: Promise<unknown>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Kills it and everything that it has started. */
  stop(): Promise<void>;
}

/** Starts a program in its own process group, which ends with the benchmark at the latest. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  options: Pick<SpawnOptions, 'cwd'> & { readonly isQuiet?: boolean } = {},
): Program {
  const { isQuiet = false, ...where } = options;
  const child: ChildProcess & { stdout: Readable } = spawn(command, args, {
    ...where,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', isQuiet ? 'ignore' : 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} cannot be started.`);
  const ended = once(child, 'exit');
  const ready = once(child.stdout, 'data');
  ready.catch(() => {}); // Of interest to those who wait for it only.
  child.stdout.on('data', () => {}); // On Lambda, too, somebody reads along.
  const kill = () => killGroup(child, pid);
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return {
    pid,
    stdout: child.stdout,
    ready,
    ended,
    async stop() {
      kill();
      await ended;
    },
  };
}

function killGroup(child: ChildProcess, pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // The group is gone already.
  }
}
