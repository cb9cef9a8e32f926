import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiServer } from '../api/api-server.ts';
import { ExtensionsApi } from '../api/extensions-api.ts';
import { RuntimeApi } from '../api/runtime-api.ts';
import { TelemetryApi } from '../api/telemetry-api.ts';
import {
  type EnvironmentIdentity,
  extensionVariables,
  runtimeVariables,
  type Variables,
} from '../environment-variables.ts';
import type { FunctionConfig } from '../function-config.ts';
import type { LambdaEvent, LogLine, ShutdownReason } from '../lambda-types.ts';
import { runtimeCommand } from '../runtime-command.ts';
import type { FunctionFolders } from '../sandbox/function-folders.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { Extension } from './extension.ts';
import { type Fault, PhaseFailure, TIMEOUT } from './fault.ts';
import { Generation } from './generation.ts';
import type { Answer, Invocation } from './invocation.ts';
import { findLaunchProblem } from './launch-check.ts';
import {
  billedMs,
  endLine,
  extensionLine,
  initReportLine,
  reportLine,
  startLine,
  telemetryLine,
  timeoutMessage,
} from './platform-lines.ts';

/** On-demand limit (Developer Guide, "Init phase"). */
const INIT_LIMIT_MS = 10_000;
/** SHUTDOWN windows (Developer Guide, "Shutdown phase"); the runtime's share comes first. */
const SHUTDOWN_WINDOW_MS = { none: 0, internal: 500, external: 2_000 } as const;
const RUNTIME_SHARE_MS = 300;

/** An event without what every event has. */
export type EventDetails = LambdaEvent extends infer E
  ? E extends LambdaEvent
    ? Omit<E, 'at' | 'environmentId'>
    : never
  : never;

export interface EnvironmentDependencies {
  readonly config: FunctionConfig;
  readonly folders: FunctionFolders;
  readonly credentials: Variables;
  readonly runtimeVersion: string;
  readonly createSandbox: () => Promise<Sandbox>;
  readonly onEvent: (event: LambdaEvent) => void;
}

/** One execution environment that serves one invoke at a time. */
export class Environment {
  readonly id = randomUUID();
  readonly #config: FunctionConfig;
  readonly #dependencies: EnvironmentDependencies;
  readonly #sandbox: Sandbox;
  readonly #logStream: string;
  #api!: ApiServer;
  #generation: Generation | undefined;
  #telemetry = new Telemetry();
  #requestId: string | undefined;
  #initDurationMs: number | undefined;
  #hasBeenInitialised = false;
  #isFrozen = false;
  #closed: Promise<void> | undefined;

  private constructor(dependencies: EnvironmentDependencies, sandbox: Sandbox) {
    this.#dependencies = dependencies;
    this.#config = dependencies.config;
    this.#sandbox = sandbox;
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    this.#logStream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
  }

  /** @throws the error of a machine that refuses what an environment needs; nothing is left behind. */
  static async create(dependencies: EnvironmentDependencies): Promise<Environment> {
    const sandbox = await dependencies.createSandbox();
    const environment = new Environment(dependencies, sandbox);
    try {
      await environment.#listen();
    } catch (error) {
      await sandbox.close();
      throw error;
    }
    return environment;
  }

  async #listen(): Promise<void> {
    const { config } = this.#dependencies;
    const generation = () => this.#generation;
    const extensions = new ExtensionsApi({
      config,
      generation,
      onRegistered: ({ name, events }) =>
        this.#emit({ type: 'extension.registered', name, events: [...events] }),
      onNext: ({ name }) => this.#emit({ type: 'extension.next', name }),
    });
    const runtime = new RuntimeApi({
      config,
      generation,
      respond: (invocation, answer) => this.#respond(invocation, answer),
    });
    const telemetry = new TelemetryApi({
      config,
      generation,
      onSubscribed: ({ name }, settings) => {
        this.#telemetry.subscribe(settings);
        this.#platformLine(telemetryLine(name, settings.types));
        this.#telemetry.emit('platform.telemetrySubscription', {
          name,
          state: 'Subscribed',
          types: settings.types,
        });
      },
    });
    this.#api = await ApiServer.listen([runtime.handle, extensions.handle, telemetry.handle]);
  }

  // ---- phases -------------------------------------------------------------------------------

  /** INIT ahead of an invoke. A failure is logged, and tried again by the next invoke. */
  async init(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#init('init', INIT_LIMIT_MS);
      this.#initDurationMs = performance.now() - startedAt;
    } catch (error) {
      const fault = this.#faultOf(error);
      const durationMs = performance.now() - startedAt;
      const status = fault.kind === 'timeout' ? 'timeout' : 'error';
      this.#platformLine(
        initReportLine({ durationMs, phase: 'init', status, errorType: fault.errorType }),
      );
      this.#initDone('init', durationMs, fault);
      this.#emit({ type: 'init.failed', errorType: fault.errorType, message: fault.message });
      await this.#end('failure');
    }
  }

  /** INVOKE. Resolves when the runtime and every extension are done, or the environment is reset. */
  async invoke(invocation: Invocation): Promise<void> {
    const { requestId } = invocation;
    this.#requestId = requestId;
    const startedAt = performance.now();
    invocation.deadlineMs = Date.now() + this.#config.timeoutMs;
    await this.#thaw();
    this.#emit({ type: 'invoke.start' });
    this.#platformLine(startLine(requestId));
    this.#telemetry.emit('platform.start', {
      requestId,
      version: this.#config.version,
      functionArn: this.#config.arn,
      ...(invocation.tenantId && { tenantId: invocation.tenantId }),
      tracing: tracing(invocation),
    });
    const phase: InvokePhase = { invocation, startedAt };
    let timer: NodeJS.Timeout | undefined;
    try {
      if (!this.#generation) {
        await this.#init('invoke', this.#config.timeoutMs);
      }
      const generation = this.#generation as unknown as Generation;
      const remainingMs = this.#config.timeoutMs - (performance.now() - startedAt);
      timer = setTimeout(() => generation.fail(TIMEOUT), remainingMs);
      await this.#runInvoke(generation, phase);
      await this.#report(phase);
    } catch (error) {
      clearTimeout(timer);
      await this.#failInvoke(phase, this.#faultOf(error));
    } finally {
      clearTimeout(timer);
      this.#initDurationMs = undefined;
      this.#requestId = undefined;
    }
  }

  /** Stops every process until the next invoke. */
  async freeze(): Promise<void> {
    if (this.#isFrozen || !this.#generation) return;
    this.#isFrozen = true;
    this.#telemetry.pause();
    await this.#sandbox.freeze();
    this.#emit({ type: 'frozen' });
  }

  /** SHUTDOWN, then the environment is gone. */
  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.#thaw();
    await this.#end(reason);
    await this.close();
  }

  /** Ends everything at once. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** SIGKILL to one process; resolves when it is gone. */
  async kill(target: 'runtime' | { extension: string }): Promise<void> {
    const generation = this.#generation;
    const process =
      target === 'runtime'
        ? generation?.runtimeProcess
        : generation?.extensions.find(({ name }) => name === target.extension)?.process;
    process?.signal('SIGKILL');
    await process?.exited;
  }

  async #close(): Promise<void> {
    if (this.#generation) this.#generation.isEnding = true;
    this.#telemetry.close();
    await this.#sandbox.close();
    await this.#api.close();
    const generation = this.#generation;
    this.#generation = undefined;
    // Whoever waits for the processes learns that they are gone.
    if (generation) {
      generation.isEnding = false;
      generation.fail({
        kind: 'crash',
        errorType: 'Sandbox.Failure',
        message: 'The environment was closed',
        process: 'platform',
      });
    }
  }

  // ---- INIT ---------------------------------------------------------------------------------

  async #init(phase: 'init' | 'invoke', limitMs: number): Promise<void> {
    const startedAt = performance.now();
    const generation = new Generation();
    this.#generation = generation;
    this.#telemetry = new Telemetry();
    this.#emit({
      type: 'environment.starting',
      cause: this.#hasBeenInitialised ? 'reset' : 'request',
    });
    this.#hasBeenInitialised = true;
    this.#telemetry.emit('platform.initStart', {
      initializationType: 'on-demand',
      phase,
      runtimeVersion: this.#dependencies.runtimeVersion,
      functionName: this.#config.name,
      functionArn: this.#config.arn,
      functionVersion: this.#config.version,
      instanceId: this.id,
      instanceMaxMemory: this.#config.memoryMiB,
    });
    const timer = setTimeout(() => generation.fail(TIMEOUT), limitMs);
    try {
      await this.#startExtensions(generation);
      await generation.until(() => external(generation).every(({ state }) => state !== 'Started'));
      await this.#startRuntime(generation);
      await generation.until(() => generation.runtime.state === 'Ready');
      this.#telemetry.emit('platform.initRuntimeDone', {
        initializationType: 'on-demand',
        phase,
        status: 'success',
        spans: [],
      });
      generation.isRegistrationOpen = false;
      await generation.until(() => generation.extensions.every(({ state }) => state === 'Ready'));
    } finally {
      clearTimeout(timer);
      generation.isRegistrationOpen = false;
      generation.isSubscriptionOpen = false;
    }
    const durationMs = performance.now() - startedAt;
    for (const { name, state, events } of generation.extensions) {
      this.#platformLine(extensionLine(name, state, events));
      this.#telemetry.emit('platform.extension', { name, state, events });
    }
    this.#initDone(phase, durationMs);
    this.#telemetry.closeSubscriptions();
    this.#emit({ type: 'init.done', durationMs });
  }

  #initDone(phase: 'init' | 'invoke', durationMs: number, fault?: Fault): void {
    this.#telemetry.emit('platform.initReport', {
      initializationType: 'on-demand',
      phase,
      status: fault ? statusOf(fault) : 'success',
      ...(fault && { errorType: fault.errorType }),
      metrics: { durationMs: round(durationMs) },
      spans: [],
    });
  }

  async #startExtensions(generation: Generation): Promise<void> {
    const folder = join(this.#dependencies.folders.opt, 'extensions');
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    for (const name of names) {
      if (generation.extensions.length >= 10) {
        generation.fail(crash('Extension.TooManyExtensions', 'Extension limit (10) reached', name));
        return;
      }
      const extension = new Extension(name, true);
      generation.extensions.push(extension);
      const problem = await findLaunchProblem(join(folder, name), this.#dependencies.folders.opt);
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
    const process = await this.#sandbox.start({
      command: [`${this.#sandbox.paths.opt}/extensions/${name}`],
      cwd: this.#sandbox.paths.task,
      variables: extensionVariables(this.#config, this.#identity()),
      onLine: (line) => this.#log('extension', line),
    });
    extension.process = process;
    void process.exited.then((status) => {
      extension.hasExited = true;
      generation.fail(
        crash(extension.reportedError ?? 'Extension.Crash', exitMessage(status), name),
      );
      generation.changed();
    });
  }

  async #startRuntime(generation: Generation): Promise<void> {
    const { paths } = this.#sandbox;
    const process = await this.#sandbox.start({
      command: runtimeCommand(this.#config, paths),
      cwd: paths.task,
      variables: runtimeVariables(this.#config, this.#identity()),
      onLine: (line) => this.#log('function', line),
    });
    generation.runtimeProcess = process;
    const { runtime } = generation;
    void process.exited.then((status) => {
      runtime.hasExited = true;
      const reported = runtime.initError;
      const errorType = reported?.errorType ?? 'Runtime.ExitError';
      const fault = crash(errorType, runtimeExitMessage(status), 'runtime');
      generation.fail(reported ? { ...fault, reported: reported.body } : fault);
      generation.changed();
    });
  }

  #identity(): EnvironmentIdentity {
    return {
      apiAddress: this.#api.address,
      logGroup: `/aws/lambda/${this.#config.name}`,
      logStream: this.#logStream,
      credentials: this.#dependencies.credentials,
      paths: this.#sandbox.paths,
    };
  }

  // ---- INVOKE -------------------------------------------------------------------------------

  async #runInvoke(generation: Generation, phase: InvokePhase): Promise<void> {
    const { invocation } = phase;
    const { runtime } = generation;
    // A process that died behind the last invoke fails this one.
    await generation.until(() => true);
    const extensions = generation.extensionsFor('INVOKE');
    for (const extension of extensions) {
      extension.release({
        eventType: 'INVOKE',
        deadlineMs: invocation.deadlineMs,
        requestId: invocation.requestId,
        invokedFunctionArn: this.#config.arn,
        tracing: { type: 'X-Amzn-Trace-Id', value: invocation.traceId },
      });
    }
    runtime.deliver(invocation);
    await generation.until(() => runtime.state === 'Ready');
    await this.#runtimeDone(phase, 'success');
    await generation.until(() => extensions.every(({ state }) => state === 'Ready'));
  }

  #respond(invocation: Invocation, answer: Answer): void {
    const generation = this.#generation;
    if (!invocation.respond(answer, this.id)) return;
    const { functionError, payload } = answer;
    this.#emit({
      type: 'response',
      durationMs:
        (invocation.answeredAt ?? 0) - (generation?.runtime.times.deliveredAt || performance.now()),
      bytes: payload.length,
      ...(functionError && { functionError }),
    });
  }

  async #runtimeDone(
    phase: InvokePhase,
    status: 'success' | 'error' | 'timeout' | 'failure',
    errorType?: string,
  ): Promise<void> {
    const { invocation, startedAt } = phase;
    // Lines that the runtime wrote before its answer may still be in the pipe.
    await new Promise((resolve) => setImmediate(resolve));
    const times = this.#generation?.runtime.times;
    const isMine = this.#generation?.runtime.current === invocation;
    const deliveredAt = isMine && times ? times.deliveredAt : startedAt;
    const now = performance.now();
    phase.runtimeDoneAt ??= now;
    const durationMs = now - deliveredAt;
    const wall = (instant: number) => new Date(Date.now() - (now - instant)).toISOString();
    const spans: object[] = [];
    if (isMine && times?.responseStartedAt !== undefined && times.responseEndedAt !== undefined) {
      const { responseStartedAt, responseEndedAt } = times;
      spans.push(
        span('responseLatency', wall(deliveredAt), responseStartedAt - deliveredAt),
        span('responseDuration', wall(responseStartedAt), responseEndedAt - responseStartedAt),
        span('runtimeOverhead', wall(responseEndedAt), now - responseEndedAt),
      );
    }
    const functionFailed = invocation.answer?.functionError !== undefined;
    this.#emit({ type: 'runtime.done', durationMs, status });
    this.#telemetry.emit('platform.runtimeDone', {
      requestId: invocation.requestId,
      status,
      ...(errorType && { errorType }),
      metrics: {
        durationMs: round(durationMs),
        producedBytes: functionFailed ? 0 : (invocation.answer?.payload.length ?? 0),
      },
      spans,
      tracing: tracing(invocation),
      ...(invocation.tenantId && { tenantId: invocation.tenantId }),
    });
  }

  async #failInvoke(phase: InvokePhase, fault: Fault): Promise<void> {
    const { invocation } = phase;
    const { requestId } = invocation;
    if (fault.kind === 'timeout') {
      const message = timeoutMessage(requestId, this.#config.timeoutMs);
      this.#emit({ type: 'timeout' });
      this.#platformLine(message);
      this.#respond(invocation, errorAnswer({ errorType: fault.errorType, errorMessage: message }));
    } else {
      const errorMessage = `RequestId: ${requestId} Error: ${fault.message}`;
      this.#emit({ type: 'crash', process: fault.process, errorType: fault.errorType });
      this.#platformLine(errorMessage);
      this.#platformLine(fault.errorType);
      this.#respond(
        invocation,
        fault.reported
          ? rawErrorAnswer(fault.reported)
          : errorAnswer({ errorType: fault.errorType, errorMessage }),
      );
    }
    await this.#runtimeDone(phase, statusOf(fault), fault.errorType);
    await this.#report(phase, fault);
    await this.#end(fault.kind === 'timeout' ? 'timeout' : 'failure');
  }

  async #report(phase: InvokePhase, fault?: Fault): Promise<void> {
    const { invocation, startedAt } = phase;
    const { requestId } = invocation;
    const endedAt = performance.now();
    const status = fault ? statusOf(fault) : 'success';
    const durationMs =
      fault?.kind === 'timeout' ? this.#config.timeoutMs : Math.max(0, endedAt - startedAt);
    const initDurationMs = this.#initDurationMs;
    const maxMemoryMiB = await this.#maxMemoryMiB();
    this.#platformLine(endLine(requestId));
    this.#platformLine(
      reportLine({
        requestId,
        durationMs,
        memoryMiB: this.#config.memoryMiB,
        maxMemoryMiB,
        initDurationMs,
        status: status === 'failure' ? 'error' : status,
        errorType: fault?.errorType,
      }),
    );
    const overheadMs = endedAt - (phase.runtimeDoneAt ?? endedAt);
    const overheadStart = new Date(Date.now() - overheadMs).toISOString();
    this.#telemetry.emit('platform.report', {
      requestId,
      status,
      ...(fault && { errorType: fault.errorType }),
      metrics: {
        durationMs: round(durationMs),
        billedDurationMs: billedMs({ durationMs, initDurationMs }),
        memorySizeMB: this.#config.memoryMiB,
        maxMemoryUsedMB: maxMemoryMiB,
        ...(initDurationMs !== undefined && { initDurationMs: round(initDurationMs) }),
      },
      spans: this.#generation?.extensions.length
        ? [span('extensionOverhead', overheadStart, overheadMs)]
        : [],
      tracing: tracing(invocation),
      ...(invocation.tenantId && { tenantId: invocation.tenantId }),
    });
    this.#emit({
      type: 'invoke.end',
      durationMs,
      tailMs: Math.max(0, endedAt - (invocation.answeredAt ?? endedAt)),
      status,
    });
  }

  async #maxMemoryMiB(): Promise<number> {
    const peak = (await this.#sandbox.peakMemoryMiB()) ?? 0;
    return Math.min(peak, this.#config.memoryMiB);
  }

  async #thaw(): Promise<void> {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    await this.#sandbox.thaw();
    this.#emit({ type: 'thawed' });
    this.#telemetry.resume();
  }

  // ---- SHUTDOWN -----------------------------------------------------------------------------

  /** The end of all processes: SHUTDOWN where an extension is there to hear it, then SIGKILL. */
  async #end(reason: ShutdownReason): Promise<void> {
    const generation = this.#generation;
    if (!generation) return;
    generation.isEnding = true;
    this.#emit({ type: 'shutdown.start', reason });
    this.#telemetry.flush();
    const started = external(generation).filter(({ process }) => process !== undefined);
    const kind =
      started.length > 0 ? 'external' : generation.extensions.length > 0 ? 'internal' : 'none';
    const windowMs = SHUTDOWN_WINDOW_MS[kind];
    if (windowMs > 0) {
      const endsAt = Date.now() + windowMs;
      await this.#endRuntime(generation, kind === 'external' ? RUNTIME_SHARE_MS : windowMs);
      for (const extension of started) {
        if (extension.events.includes('SHUTDOWN')) {
          extension.release({ eventType: 'SHUTDOWN', deadlineMs: endsAt, shutdownReason: reason });
        } else {
          extension.process?.signal('SIGKILL');
        }
      }
      await within(endsAt - Date.now(), Promise.all(started.map(({ process }) => process?.exited)));
    }
    await this.#sandbox.killAll();
    this.#telemetry.close();
    this.#generation = undefined;
    this.#emit({ type: 'shutdown.done' });
  }

  async #endRuntime({ runtimeProcess }: Generation, shareMs: number): Promise<void> {
    if (!runtimeProcess) return;
    runtimeProcess.signal('SIGTERM');
    await within(shareMs, runtimeProcess.exited);
    runtimeProcess.signal('SIGKILL');
  }

  // ---- events and lines ---------------------------------------------------------------------

  #faultOf(error: unknown): Fault {
    if (error instanceof PhaseFailure) return error.fault;
    throw error;
  }

  #emit(details: EventDetails): void {
    this.#dependencies.onEvent({
      at: Date.now(),
      environmentId: this.id,
      ...(this.#requestId && { requestId: this.#requestId }),
      ...details,
    } as LambdaEvent);
  }

  #platformLine(line: string): void {
    this.#emit({ type: 'log', source: 'platform', line });
  }

  #log(source: LogLine['source'], line: string): void {
    this.#emit({ type: 'log', source, line });
    this.#telemetry.emit(source, line);
  }
}

/** What is known about an INVOKE while it runs; instants of `performance.now()`. */
interface InvokePhase {
  readonly invocation: Invocation;
  readonly startedAt: number;
  runtimeDoneAt?: number;
}

function external(generation: Generation): Extension[] {
  return generation.extensions.filter(({ isExternal }) => isExternal);
}

function crash(errorType: string, message: string, process: string): Fault {
  return { kind: 'crash', errorType, message, process };
}

function statusOf(fault: Fault): 'timeout' | 'failure' | 'error' {
  if (fault.kind === 'timeout') return 'timeout';
  return fault.errorType.startsWith('Sandbox.') ? 'failure' : 'error';
}

function runtimeExitMessage(status: string): string {
  return status === 'exit status 0'
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: ${status}`;
}

function exitMessage(status: string): string {
  return status === 'exit status 0' ? 'exit code 0' : status;
}

function errorAnswer(error: { errorType: string; errorMessage: string }): Answer {
  return rawErrorAnswer(Buffer.from(JSON.stringify(error)));
}

function rawErrorAnswer(payload: Buffer): Answer {
  return { payload, contentType: 'application/json', functionError: 'Unhandled' };
}

function tracing({ traceId }: Invocation): object {
  const spanId = /Parent=(\w+)/.exec(traceId)?.[1];
  return { ...(spanId && { spanId }), type: 'X-Amzn-Trace-Id', value: traceId };
}

function span(name: string, start: string, durationMs: number): object {
  return { name, start, durationMs: round(durationMs) };
}

/** Telemetry gives microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

async function within(limitMs: number, work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.max(0, limitMs));
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
