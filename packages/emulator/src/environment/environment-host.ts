import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiHandler, ApiServer } from '../api/api-server.ts';
import { ExtensionsApi } from '../api/extensions-api.ts';
import { TelemetryApi } from '../api/telemetry-api.ts';
import {
  type EnvironmentIdentity,
  extensionVariables,
  runtimeVariables,
  type Variables,
} from '../environment-variables.ts';
import type { FunctionConfig } from '../function-config.ts';
import type { LambdaEvent, ShutdownReason } from '../lambda-types.ts';
import { Extension } from '../parties/extension.ts';
import { crash, TIMEOUT } from '../parties/fault.ts';
import { Generation } from '../parties/generation.ts';
import { MAX_EXTENSIONS } from '../parties/lifecycle-limits.ts';
import type { RuntimeParty } from '../parties/runtime.ts';
import { runtimeCommand } from '../runtime-command.ts';
import type { FunctionFolders } from '../sandbox/function-folders.ts';
import type { ProcessSpec, Sandbox, SandboxProcess } from '../sandbox/sandbox.ts';
import { endProcesses } from './end-processes.ts';
import { findLaunchProblem } from './launch-check.ts';
import { PendingWorkSocket } from './pending-work-socket.ts';
import { saysPortIsTaken } from './port-is-taken.ts';
import { type InitPhase, Reporter } from './reporter.ts';
import { UnfinishedWorkReport } from './unfinished-work.ts';
import { Workers } from './workers.ts';

/** What every environment of a function is made from. */
export interface EnvironmentDependencies {
  readonly config: FunctionConfig;
  readonly folders: FunctionFolders;
  readonly credentials: Variables;
  readonly variables: Variables;
  readonly runtimeVersion: string;
  readonly createSandbox: () => Promise<Sandbox>;
  readonly onEvent: (event: LambdaEvent) => void;
}

/**
 * What all kinds of environments have in common: a sandbox, the APIs on loopback, and the processes,
 * from INIT to SHUTDOWN. How invokes go through them is the business of the environment.
 */
export class EnvironmentHost {
  readonly id = randomUUID();
  readonly config: FunctionConfig;
  readonly sandbox: Sandbox;
  readonly reporter: Reporter;
  readonly workers = new Workers(() => this.generation);
  /** The processes that run now; undefined between a reset and the next INIT. */
  generation: Generation | undefined;
  /** A process has complained, since the environment exists, that its port is taken. */
  wantsTakenPort = false;
  /** Where it was asked for. */
  unfinished: UnfinishedWorkReport | undefined;
  #pendingWork: string | undefined;
  readonly #dependencies: EnvironmentDependencies;
  readonly #logStream: string;
  #api!: ApiServer;
  #starts = 0;
  #closed: Promise<void> | undefined;

  private constructor(dependencies: EnvironmentDependencies, sandbox: Sandbox) {
    const { config, runtimeVersion, onEvent } = dependencies;
    this.#dependencies = dependencies;
    this.config = config;
    this.sandbox = sandbox;
    const { addresses } = sandbox;
    this.reporter = new Reporter({
      config,
      environmentId: this.id,
      runtimeVersion,
      addresses,
      onEvent,
    });
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    this.#logStream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
  }

  /**
   * @param runtimeApi Makes the handler of the Runtime API.
   * @throws the error of a machine that refuses what an environment needs; nothing is left behind.
   */
  static async create(
    dependencies: EnvironmentDependencies,
    runtimeApi: (host: EnvironmentHost) => ApiHandler,
  ): Promise<EnvironmentHost> {
    const sandbox = await dependencies.createSandbox();
    const host = new EnvironmentHost(dependencies, sandbox);
    const { config, reporter } = host;
    const generation = () => host.generation;
    const extensions = new ExtensionsApi({
      config,
      generation,
      onRegistered: ({ name, events }) =>
        reporter.emit({ type: 'extension.registered', name, events: [...events] }),
      onNext: ({ name }) => reporter.emit({ type: 'extension.next', name }),
    });
    const telemetry = new TelemetryApi({
      config,
      generation,
      onSubscribed: (extension, settings) => reporter.subscribed(extension, settings),
    });
    try {
      host.#api = await ApiServer.listen([runtimeApi(host), extensions.handle, telemetry.handle]);
      if (config.trackUnfinished) await host.#trackUnfinished();
    } catch (error) {
      await sandbox.close();
      throw error;
    }
    return host;
  }

  /**
   * INIT: starts the extensions, then the runtime, and waits until all of them are ready.
   *
   * @param runtime A new one for each INIT.
   * @throws {PhaseFailure} when a process ends, or after `limitMs`.
   */
  async init({
    phase,
    limitMs,
    runtime,
  }: {
    phase: InitPhase;
    limitMs: number;
    runtime: RuntimeParty;
  }): Promise<Generation> {
    const generation = new Generation(runtime);
    this.generation = generation;
    this.reporter.initStart(phase, this.#starts++ === 0 ? 'request' : 'reset');
    const timer = setTimeout(() => generation.fail(TIMEOUT), limitMs);
    try {
      await this.#startExtensions(generation);
      await generation.until(() =>
        generation.externalExtensions.every(({ state }) => state !== 'Started'),
      );
      await this.#startRuntime(generation);
      await generation.until(() => runtime.isReady);
      this.reporter.initRuntimeDone(phase);
      generation.isRegistrationOpen = false;
      await generation.until(() => generation.extensions.every(({ state }) => state === 'Ready'));
      return generation;
    } finally {
      clearTimeout(timer);
      generation.isRegistrationOpen = false;
      generation.isSubscriptionOpen = false;
    }
  }

  /** SHUTDOWN: ends all processes; the sandbox can be used again. */
  async end(reason: ShutdownReason): Promise<void> {
    const { generation, reporter } = this;
    if (!generation) return;
    generation.isEnding = true;
    reporter.emit({ type: 'shutdown.start', reason });
    reporter.telemetry.flush();
    const { unfinished } = this;
    await unfinished?.ends();
    await endProcesses(generation, reason, async () => unfinished?.ends());
    await this.sandbox.killAll();
    reporter.telemetry.close();
    this.generation = undefined;
    await unfinished?.ended();
    reporter.emit({ type: 'shutdown.done' });
  }

  /** Fails what runs, INIT or INVOKE, as a fault of the platform; a reset with SHUTDOWN follows. */
  interrupt(fault = crash('Sandbox.Failure', 'The emulator was stopped', 'platform')): void {
    this.generation?.fail(fault);
  }

  /** SIGKILL to one process; resolves when it is gone. @returns whether there was one */
  async kill(target: 'runtime' | { extension: string }): Promise<boolean> {
    const process =
      target === 'runtime'
        ? this.generation?.runtimeProcess
        : this.generation?.extensions.find(({ name }) => name === target.extension)?.process;
    process?.crash();
    await process?.exited;
    return process !== undefined;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Ends everything at once. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { generation } = this;
    this.reporter.telemetry.close();
    // Whoever waits for the processes learns that they are gone.
    generation?.fail(crash('Sandbox.Failure', 'The environment was closed', 'platform'));
    await this.sandbox.close();
    this.unfinished?.close();
    await this.#api.close();
  }

  async #trackUnfinished(): Promise<void> {
    const socket = await PendingWorkSocket.listen(this.id);
    this.#pendingWork = socket.address;
    this.unfinished = new UnfinishedWorkReport(socket, this.reporter);
  }

  async #startExtensions(generation: Generation): Promise<void> {
    const { opt } = this.#dependencies.folders;
    const folder = join(opt, 'extensions');
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    for (const name of names) {
      const problem =
        generation.extensions.length < MAX_EXTENSIONS
          ? await findLaunchProblem(join(folder, name), opt)
          : 'TooManyExtensions';
      generation.extensions.push(new Extension(name, true));
      if (problem) {
        generation.fail(crash('Extension.LaunchError', `${name}: ${problem}`, name));
        return;
      }
    }
    await Promise.all(
      generation.extensions.map((extension) => this.#startExtension(generation, extension)),
    );
  }

  async #startExtension(generation: Generation, extension: Extension): Promise<void> {
    const { name } = extension;
    const { paths } = this.sandbox;
    extension.process = await this.#start(generation, {
      command: [`${paths.opt}/extensions/${name}`],
      cwd: paths.task,
      variables: extensionVariables(this.config, this.#identity()),
      onLine: (line) => this.#onLine('extension', line),
    });
    void extension.process?.exited.then((status) => {
      const message = status === 'exit status 0' ? 'exit code 0' : status;
      const errorType = generation.reportedErrorType ?? 'Extension.Crash';
      generation.fail(crash(errorType, message, name));
    });
  }

  async #startRuntime(generation: Generation): Promise<void> {
    const { paths } = this.sandbox;
    generation.runtimeProcess = await this.#start(generation, {
      command: runtimeCommand(this.config, paths),
      cwd: paths.task,
      variables: runtimeVariables(this.config, this.#identity()),
      onLine: (line) => this.#onLine('function', line),
    });
    void generation.runtimeProcess?.exited.then((status) => {
      const message =
        status === 'exit status 0'
          ? 'Runtime exited without providing a reason'
          : `Runtime exited with error: ${status}`;
      const { initError } = generation.runtime;
      const fault = crash(generation.reportedErrorType ?? 'Runtime.ExitError', message, 'runtime');
      generation.fail(initError ? { ...fault, reported: initError } : fault);
    });
  }

  /** @returns undefined when the generation has failed meanwhile. */
  async #start(generation: Generation, spec: ProcessSpec): Promise<SandboxProcess | undefined> {
    return generation.hasFailed ? undefined : this.sandbox.start(spec);
  }

  #onLine(source: 'extension' | 'function', line: string): void {
    this.wantsTakenPort ||= saysPortIsTaken(line);
    this.reporter.line(source, line);
  }

  #identity(): EnvironmentIdentity {
    return {
      apiAddress: this.#api.address,
      logGroup: `/aws/lambda/${this.config.name}`,
      logStream: this.#logStream,
      credentials: this.#dependencies.credentials,
      variables: this.#dependencies.variables,
      paths: this.sandbox.paths,
      pendingWork: this.#pendingWork,
    };
  }
}
