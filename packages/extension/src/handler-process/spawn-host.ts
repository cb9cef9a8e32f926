import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { HandlerProcessOptions } from '../handler-process.ts';
import { giveWay } from './give-way.ts';

/** The child's file descriptor for frames. */
const PIPE = 3;

export interface Host {
  readonly process: ChildProcess;
  readonly pipe: Duplex;
  readonly stderr: Readable;
}

/**
 * Spawns the host program. It stays in the extension's process group, which Lambda kills as a whole;
 * and it is killed when this process exits, since a child in an endless loop cannot see its pipe close.
 * Where this process itself is killed by SIGKILL, only Lambda's kill of the group reaches such a child.
 *
 * @returns the error if there is no process, e.g. because the environment's process limit is reached.
 */
export function spawnHost(options: HandlerProcessOptions): Host | Error {
  const program = options.nodeProgram ?? process.execPath;
  try {
    const child = spawn(program, [...options.execArgv, options.hostProgram], {
      cwd: options.cwd,
      env: options.environment,
      stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
    });
    // Without a process there is no 'exit', only this, and it would throw if nobody listened.
    child.on('error', () => {});
    if (child.pid === undefined)
      return new Error(`no process came of ${program} in ${options.cwd}`);
    giveWay(child.pid);
    const killWithParent = () => child.kill('SIGKILL');
    process.once('exit', killWithParent);
    child.once('exit', () => process.off('exit', killWithParent));
    return {
      process: child,
      pipe: child.stdio[PIPE] as Duplex,
      stderr: child.stdio[2] as Readable,
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
