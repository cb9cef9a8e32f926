import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NamespaceRefusedError } from '../errors.ts';
import { withinMs } from '../within-ms.ts';
import { EnvironmentCgroups } from './cgroups/environment-cgroups.ts';
import { exitStatus } from './exit-status.ts';
import type { FunctionFolders } from './function-folders.ts';
import { launchScript } from './launch-script.ts';
import { NAMESPACE_INIT } from './namespace-init.ts';
import { SYSTEM_PATH, unshareFlags } from './namespace-support.ts';
import { LOOPBACK, ownAddress } from './own-address.ts';
import { measureMemoryMiB } from './process-memory.ts';
import { findProcessTree } from './process-tree.ts';
import { type FifoReader, readFifo } from './read-fifo.ts';
import type {
  EnvironmentPaths,
  ExitStatus,
  ProcessSpec,
  Sandbox,
  SandboxProcess,
} from './sandbox.ts';
import { extensionFlags, makeMountPoint, sourceFlags, sourceVariables } from './source-folder.ts';
import { findInNamespace, findWorkers } from './worker-processes.ts';

/** Killed processes of a namespace are gone within milliseconds; a stuck kernel must not hang us. */
const CLOSE_LIMIT_MS = 5_000;
/** Others may hold the output of a process that has ended. */
const LAST_LINES_LIMIT_MS = 50;

/** A process that the init has been told to start, and the steps of which it reports. */
class StartedProcess {
  readonly fifo = Promise.withResolvers<void>();
  readonly pid = Promise.withResolvers<string | undefined>();
  readonly exit = Promise.withResolvers<ExitStatus>();

  /** Also for one that never came so far. */
  end(status: ExitStatus): void {
    this.fifo.resolve();
    this.pid.resolve(undefined);
    this.exit.resolve(status);
  }
}

/** An environment with mount and PID namespaces of its own; see `NAMESPACE_INIT`. */
export class NamespaceSandbox implements Sandbox {
  readonly isolation = 'namespace';
  readonly paths: EnvironmentPaths;
  readonly addresses: readonly string[];
  readonly #folder: string;
  readonly #init: ChildProcess;
  readonly #initGone: Promise<void>;
  readonly #cgroups: EnvironmentCgroups;
  readonly #processes = new Map<string, StartedProcess>();
  readonly #replies: (() => void)[] = [];
  readonly #outputs = new Set<FifoReader>();
  #onReady: (() => void) | undefined;
  #count = 0;
  #isGone = false;
  #peakMiB = 0;
  #closed: Promise<void> | undefined;

  private constructor(
    folder: string,
    init: ChildProcess,
    cgroups: EnvironmentCgroups,
    handler: string,
    { sources }: FunctionFolders,
    address: string,
  ) {
    this.#folder = folder;
    this.#init = init;
    this.#cgroups = cgroups;
    this.addresses = [address, LOOPBACK];
    this.paths = {
      opt: '/opt',
      task: '/var/task',
      runtime: '/var/runtime',
      nodeBin: '/var/lang/bin',
      handler,
      variables: sourceVariables(sources, '/var/task'),
      extensionVariables: {},
      extensionNodeOptions: extensionFlags(sources, '/var/runtime').join(' '),
      nodeFlags: sourceFlags(sources),
    };
    this.#initGone = new Promise((resolve) => {
      const onGone = () => {
        resolve();
        this.#isGone = true;
        this.#endAll();
        for (const reply of this.#replies.splice(0)) reply();
      };
      init.once('exit', onGone);
      init.once('error', onGone);
    });
    // Writing to an init that is gone ends in #initGone, not in an unhandled error.
    init.stdin?.on('error', () => {});
    if (init.stdout) createInterface(init.stdout).on('line', (line) => this.#onReply(line));
  }

  get isLost(): boolean {
    return this.#isGone;
  }

  /** @throws code `ASYNC_HTTP_EMULATOR_NAMESPACE_REFUSED`. */
  static async create({
    folder,
    folders,
    handler,
    memoryMiB,
    cpuCores,
  }: {
    /** Folder of this environment; must not exist yet. */
    folder: string;
    folders: FunctionFolders;
    handler: string;
    memoryMiB: number;
    cpuCores: number | undefined;
  }): Promise<NamespaceSandbox> {
    const root = join(folder, 'root');
    const control = join(folder, 'control');
    const tmp = join(folder, 'tmp');
    const hosts = join(folder, 'hosts');
    const address = ownAddress();
    await mkdir(folder);
    await Promise.all([mkdir(root), mkdir(control), mkdir(tmp)]);
    // mkdir's mode would be cut by our umask.
    await chmod(tmp, 0o1777);
    await writeFile(hosts, `${address} sandbox.localdomain sandbox\n${await machineHosts()}`);
    await makeMountPoint(folders.sources, { '/tmp': tmp });
    const cgroups = await EnvironmentCgroups.create({ memoryMiB, cpuCores });
    const init = spawn(
      'unshare',
      [
        ...(await unshareFlags()),
        ...['sh', '-c', NAMESPACE_INIT, 'async-http-environment'],
        ...[root, control, folders.opt, folders.task, folders.runtime],
        ...[folders.node, folders.var, tmp, hosts, folders.sources.hidden ?? ''],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { PATH: SYSTEM_PATH } },
    );
    const sandbox = new NamespaceSandbox(folder, init, cgroups, handler, folders, address);
    try {
      await sandbox.#ready();
    } catch (error) {
      await sandbox.close();
      throw error;
    }
    return sandbox;
  }

  async #ready(): Promise<void> {
    let complaints = '';
    this.#init.stderr?.on('data', (chunk) => {
      if (complaints.length < 4_096) complaints += chunk;
    });
    let spawnError = '';
    this.#init.once('error', (error) => {
      spawnError = error.message;
    });
    const ready = new Promise<boolean>((resolve) => {
      this.#onReady = () => resolve(true);
    });
    const isReady = await Promise.race([ready, this.#initGone.then(() => false)]);
    if (!isReady)
      throw new NamespaceRefusedError(spawnError || complaints.trim() || 'no reason given');
  }

  async start({ command, cwd, variables, onLine }: ProcessSpec): Promise<SandboxProcess> {
    const id = String(++this.#count);
    const files = join(this.#folder, 'control', id);
    const root = join(this.#folder, 'root');
    const { procsFiles } = this.#cgroups;
    await writeFile(`${files}.sh`, launchScript({ root, cwd, procsFiles, variables, command }));
    const process = new StartedProcess();
    this.#processes.set(id, process);
    if (this.#isGone) this.#endAll();
    this.#send(`start ${id}`);
    await process.fifo.promise;
    const outputs = [`${files}.out`, `${files}.err`].map((fifo) => this.#read(fifo, onLine));
    const pid = await process.pid.promise;
    return {
      // The last lines of a process belong before the news of its end.
      exited: process.exit.promise.then(async (status) => {
        await withinMs(LAST_LINES_LIMIT_MS, Promise.all(outputs));
        return status;
      }),
      signal: (signal) => this.#signal(signal, `-${pid}`),
      crash: () => this.#signal('SIGKILL', `${pid}`),
      workers: () => this.#workers(Number(pid)),
    };
  }

  freeze(): Promise<void> {
    return this.#order('freeze');
  }

  thaw(): Promise<void> {
    return this.#order('thaw');
  }

  async killAll(): Promise<void> {
    await this.#order('killall');
    this.#endAll();
  }

  async peakMemoryMiB(): Promise<number> {
    const known = await this.#cgroups.peakMiB();
    if (known !== undefined) return known;
    const tree = await findProcessTree(new Set(this.#init.pid ? [this.#init.pid] : []));
    this.#peakMiB = Math.max(this.#peakMiB, await measureMemoryMiB(tree.keys()));
    return this.#peakMiB;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#init.stdin?.end();
    const limit = setTimeout(() => this.#init.kill('SIGKILL'), CLOSE_LIMIT_MS);
    await this.#initGone;
    clearTimeout(limit);
    // A process that was killed before it opened its FIFOs leaves them without a writer.
    await withinMs(LAST_LINES_LIMIT_MS, Promise.all([...this.#outputs].map(({ ended }) => ended)));
    for (const output of this.#outputs) output.close();
    await this.#cgroups.remove();
    // The mounts went with the namespace. If anything were still mounted there, rmdir would fail and
    // the files stay: never delete recursively what may be the machine's own tree.
    await rmdir(join(this.#folder, 'root'))
      .then(() => rm(this.#folder, { recursive: true, force: true }))
      .catch(() => {});
  }

  async #read(fifo: string, onLine: (line: string) => void): Promise<void> {
    const output = readFifo(fifo, onLine);
    this.#outputs.add(output);
    await output.ended;
    this.#outputs.delete(output);
  }

  #onReply(line: string): void {
    const [reply, id = '', value = ''] = line.split(' ');
    const process = this.#processes.get(id);
    switch (reply) {
      case 'ready':
        this.#onReady?.();
        break;
      case 'fifo':
        process?.fifo.resolve();
        break;
      case 'started':
        process?.pid.resolve(value);
        break;
      case 'exited':
        this.#processes.delete(id);
        process?.end(exitStatus(Number(value)));
        break;
      case 'done':
        this.#replies.shift()?.();
        break;
    }
  }

  async #workers(pidInside: number): Promise<number[]> {
    const pid = this.#init.pid && (await findInNamespace(this.#init.pid, pidInside));
    return pid ? findWorkers(pid) : [];
  }

  /** Resolves when the init has done it, or is gone. */
  #order(command: string): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#replies.push(resolve);
      this.#send(command);
    });
  }

  #signal(signal: NodeJS.Signals, target: string): void {
    this.#send(`signal ${signal.slice('SIG'.length)} ${target}`);
  }

  #endAll(): void {
    for (const process of this.#processes.values()) process.end('signal: killed');
    this.#processes.clear();
  }

  #send(command: string): void {
    if (this.#init.stdin?.writable) this.#init.stdin.write(`${command}\n`);
  }
}

function machineHosts(): Promise<string> {
  return readFile('/etc/hosts', 'utf8').catch(() => `${LOOPBACK} localhost\n`);
}
