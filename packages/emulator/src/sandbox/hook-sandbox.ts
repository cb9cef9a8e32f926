import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { withinMs } from '../within-ms.ts';
import { EnvironmentCgroups } from './cgroups/environment-cgroups.ts';
import type { FunctionFolders } from './function-folders.ts';
import { kill } from './kill.ts';
import { launchIn } from './launch-script.ts';
import { LineReader } from './line-reader.ts';
import { OrphanGuard } from './orphan-guard.ts';
import { LOOPBACK } from './own-address.ts';
import { measureMemoryMiB } from './process-memory.ts';
import { findProcessTree, type ProcessEntry } from './process-tree.ts';
import type {
  EnvironmentPaths,
  ExitStatus,
  ProcessSpec,
  Sandbox,
  SandboxProcess,
} from './sandbox.ts';
import { signalName } from './signal-name.ts';
import { sourceFlags, sourceVariables } from './source-folder.ts';
import { findWorkers } from './worker-processes.ts';

/** A process that forks while we stop the others is found in the next round. */
const STOP_ROUNDS = 10;
/** Others may hold the output of a process that has ended. */
const LAST_LINES_LIMIT_MS = 50;

/**
 * An environment for machines without namespaces: plain processes in the machine's file system.
 * `/opt` and `/var/task` lead to the real folders through Node's module hooks only;
 * /tmp is the machine's.
 */
export class HookSandbox implements Sandbox {
  readonly isolation = 'hook';
  readonly isLost = false;
  readonly paths: EnvironmentPaths;
  readonly addresses = [LOOPBACK];
  readonly #folder: string;
  readonly #guard: OrphanGuard;
  readonly #cgroups: EnvironmentCgroups;
  readonly #processes = new Set<ChildProcess>();
  readonly #stopped = new Set<number>();
  #peakMiB = 0;
  #closed: Promise<void> | undefined;

  private constructor(folder: string, cgroups: EnvironmentCgroups, paths: EnvironmentPaths) {
    this.#folder = folder;
    this.#cgroups = cgroups;
    this.paths = paths;
    this.#guard = new OrphanGuard(this.#mark);
  }

  static async create({
    folder,
    folders,
    handler,
    cpuCores,
  }: {
    folder: string;
    folders: FunctionFolders;
    handler: string;
    cpuCores: number | undefined;
  }): Promise<HookSandbox> {
    const nodeBin = join(folder, 'bin');
    const tmp = join(folder, 'tmp');
    await mkdir(nodeBin, { recursive: true });
    await mkdir(tmp);
    await symlink(folders.node, join(nodeBin, 'node'));
    const { opt, task, runtime, sources } = folders;
    const cgroups = await EnvironmentCgroups.create({ cpuCores });
    return new HookSandbox(folder, cgroups, {
      opt,
      task,
      runtime,
      nodeBin,
      // The runtime client looks for the handler's file itself, past the module hook.
      handler: handler.startsWith('/opt/') ? opt + handler.slice('/opt'.length) : handler,
      variables: {
        ...sourceVariables(sources, task),
        _EMULATOR_FOLDERS: JSON.stringify({ '/opt': opt, '/var/task': task }),
        // Programs may take /tmp for their own in Lambda; here they would share it with other functions'.
        TMPDIR: tmp,
      },
      extensionVariables: { LAMBDA_TASK_ROOT: task },
      extensionNodeOptions: [`--require="${runtime}/preload.cjs"`, ...sourceFlags(sources)].join(
        ' ',
      ),
      nodeFlags: sourceFlags(sources),
    });
  }

  async start({ command, cwd, variables, onLine }: ProcessSpec): Promise<SandboxProcess> {
    const [program, ...args] = launchIn(this.#cgroups.procsFiles, command);
    const child = spawn(program, args, {
      cwd,
      env: { ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const outputs = Promise.all(
      [child.stdout, child.stderr].map((output) => readLines(output, onLine)),
    );
    const failed = once(child, 'error').then(([error]): ExitStatus => {
      onLine(`${command[0]}: ${error.message}`);
      // As a shell has it: not to be executed, or not there.
      return `exit status ${error.code === 'EACCES' ? 126 : 127}`;
    });
    const group = child.pid;
    if (group === undefined) {
      return { exited: failed, signal: () => {}, crash: () => {}, workers: async () => [] };
    }
    this.#processes.add(child);
    this.#guard.watch(group);
    const exited = once(child, 'exit').then(async ([code, signal]): Promise<ExitStatus> => {
      this.#processes.delete(child);
      await withinMs(LAST_LINES_LIMIT_MS, outputs);
      return signal ? `signal: ${signalName(signal)}` : `exit status ${code}`;
    });
    return {
      exited,
      signal: (signal) => kill(-group, signal),
      crash: () => kill(group, 'SIGKILL'),
      workers: () => findWorkers(group),
    };
  }

  async freeze(): Promise<void> {
    for (let round = 0; round < STOP_ROUNDS; round++) {
      // What has been stopped by its own side stays so at the thaw.
      const fresh = [...(await this.#tree()).values()].filter(({ isStopped }) => !isStopped);
      if (fresh.length === 0) return;
      for (const { pid } of fresh) {
        kill(pid, 'SIGSTOP');
        this.#stopped.add(pid);
      }
    }
  }

  async thaw(): Promise<void> {
    for (const pid of this.#stopped) kill(pid, 'SIGCONT');
    this.#stopped.clear();
  }

  async killAll(): Promise<void> {
    const children = [...this.#processes];
    const gone = children.map((child) => once(child, 'exit'));
    for (const pid of (await this.#tree()).keys()) kill(pid, 'SIGKILL');
    await Promise.all(gone);
    for (const { pid } of children) if (pid !== undefined) this.#guard.release(pid);
  }

  async peakMemoryMiB(): Promise<number> {
    this.#peakMiB = Math.max(this.#peakMiB, await measureMemoryMiB((await this.#tree()).keys()));
    return this.#peakMiB;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.killAll();
    this.#guard.close();
    await this.#cgroups.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** It is in PATH, and unique. */
  get #mark(): string {
    return this.paths.nodeBin;
  }

  #tree(): Promise<Map<number, ProcessEntry>> {
    const roots = [...this.#processes].map(({ pid }) => pid).filter((pid) => pid !== undefined);
    return findProcessTree(new Set(roots), this.#mark);
  }
}

function readLines(output: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = new LineReader(onLine);
  output.on('data', (chunk) => lines.push(chunk));
  return new Promise((resolve) => {
    const end = () => {
      lines.end();
      resolve();
    };
    output.on('end', end);
    output.on('error', end);
  });
}
