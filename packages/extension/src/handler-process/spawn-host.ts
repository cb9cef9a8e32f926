import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { HandlerProcessOptions } from './contract.ts';
import { giveWay } from './give-way.ts';
import { killTree } from './process-tree.ts';

/** The child's file descriptor for frames. */
const PIPE = 3;
/** The variable by which the programs that a child has started are found. */
const MARK = '_ASYNC_HTTP_HANDLER_PROCESS';

export interface Host {
  readonly process: ChildProcess;
  readonly pipe: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Kills the process and what it has started. */
  kill(): void;
}

/**
 * Spawns the host program. It stays in the extension's process group, which Lambda kills as a whole;
 * and it is killed when this process exits, since a child in an endless loop cannot see its pipe close.
 * Where this process itself is killed by SIGKILL, only Lambda's kill of the group reaches such a child.
 *
 * @param wrapper a program that executes its arguments; see `execWrapper()`
 * @returns the error if there is no process, e.g. because the environment's process limit is reached.
 */
export function spawnHost(
  options: HandlerProcessOptions,
  env: NodeJS.ProcessEnv,
  wrapper?: string,
): Host | Error {
  const node = options.nodeProgram ?? process.execPath;
  const command = [node, ...options.execArgv, options.hostProgram];
  const [program = node, ...args] = wrapper ? [wrapper, ...command] : command;
  // No other process in this environment has it, nor ever had.
  const id = `${process.pid}.${process.hrtime.bigint()}`;
  try {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...env, [MARK]: id },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    // Without a process there is no 'exit', only this, and it would throw if nobody listened.
    child.on('error', () => {});
    const { pid } = child;
    if (pid === undefined) return new Error(`no process came of ${program} in ${options.cwd}`);
    giveWay(pid);
    const isAlive = () => child.exitCode === null && child.signalCode === null;
    const kill = () => killTree(`${MARK}=${id}\0`, isAlive() ? pid : undefined);
    process.once('exit', kill);
    child.once('exit', () => {
      process.off('exit', kill);
      kill();
    });
    return {
      process: child,
      pipe: child.stdio[PIPE] as Duplex,
      stdout: child.stdio[1] as Readable,
      stderr: child.stdio[2] as Readable,
      kill: () => isAlive() && kill(),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
