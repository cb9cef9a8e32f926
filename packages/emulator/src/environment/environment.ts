import { RuntimeApi } from '../api/runtime-api.ts';
import type { ShutdownReason } from '../lambda-types.ts';
import { type Fault, faultOf, TIMEOUT } from '../parties/fault.ts';
import type { Generation } from '../parties/generation.ts';
import { type Answer, errorAnswer, type Invocation } from '../parties/invocation.ts';
import { INIT_LIMIT_MS } from '../parties/lifecycle-limits.ts';
import { SingleRuntime } from '../parties/single-runtime.ts';
import { type EnvironmentDependencies, EnvironmentHost } from './environment-host.ts';
import type { InitPhase } from './reporter.ts';
import type { Workers } from './workers.ts';

/** What is known about an INVOKE while it runs; instants of `performance.now()`. */
interface InvokePhase {
  readonly invocation: Invocation;
  readonly startedAt: number;
  runtimeDoneAt?: number;
}

/** One execution environment on demand: one invoke at a time, frozen in between. */
export class Environment {
  readonly #host: EnvironmentHost;
  #initDurationMs: number | undefined;
  #isFrozen = false;
  #moved = Promise.resolve();
  #running: Invocation | undefined;

  private constructor(host: EnvironmentHost) {
    this.#host = host;
  }

  /** @throws as `EnvironmentHost.create()`. */
  static async create(dependencies: EnvironmentDependencies): Promise<Environment> {
    const host = await EnvironmentHost.create(
      dependencies,
      (host) =>
        new RuntimeApi({
          config: host.config,
          generation: () => host.generation,
          respond: (invocation, answer) => respond(host, invocation, answer),
        }).handle,
    );
    return new Environment(host);
  }

  get id(): string {
    return this.#host.id;
  }

  /** The caller has its answer and no extension works: only the runtime has yet to ask for the next event. */
  get isWindingDown(): boolean {
    const { generation } = this.#host;
    if (!this.#running?.answer || !generation || generation.hasFailed) return false;
    return generation.extensionsFor('INVOKE').every(({ state }) => state === 'Ready');
  }

  /** It was ended from outside, and can take no more invokes. */
  get isLost(): boolean {
    return this.#host.sandbox.isLost;
  }

  /** One of its processes has said that the port it listens on is taken. */
  get wantsTakenPort(): boolean {
    return this.#host.wantsTakenPort;
  }

  /** INIT ahead of an invoke. A failure is logged, and tried again by the next invoke. */
  async init(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#init('init', INIT_LIMIT_MS);
      this.#initDurationMs = performance.now() - startedAt;
    } catch (error) {
      faultOf(error);
      if (!this.#host.isClosed) await this.#end('failure');
    }
  }

  /** INVOKE. Resolves when the runtime and every extension are done, or all processes have been ended. */
  async invoke(invocation: Invocation): Promise<void> {
    const { config, reporter } = this.#host;
    const phase: InvokePhase = { invocation, startedAt: performance.now() };
    invocation.deadlineMs = Date.now() + config.timeoutMs;
    reporter.requestId = invocation.requestId;
    this.#running = invocation;
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.thaw();
      const generation = await this.#ensureInitialised(invocation);
      const elapsedMs = performance.now() - phase.startedAt;
      timer = setTimeout(() => generation.fail(TIMEOUT), config.timeoutMs - elapsedMs);
      await this.#runInvoke(generation, phase);
      clearTimeout(timer);
      await this.#report(phase);
    } catch (error) {
      clearTimeout(timer);
      const fault = faultOf(error);
      if (!this.#host.isClosed) await this.#failInvoke(phase, fault);
    } finally {
      this.#initDurationMs = undefined;
      this.#running = undefined;
      reporter.requestId = undefined;
    }
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** What an environment has from INIT until its processes are ended. */
  get hasProcesses(): boolean {
    const { generation } = this.#host;
    return generation !== undefined && !generation.isEnding;
  }

  get workers(): Workers {
    return this.#host.workers;
  }

  /** Reports what the function has pending. @returns false without `trackUnfinished` */
  async showPending(): Promise<boolean> {
    const { unfinished } = this.#host;
    await unfinished?.look();
    return unfinished !== undefined;
  }

  /** Stops every process until the next invoke, or `thaw()`. */
  freeze(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isFrozen || !this.hasProcesses) return;
      const { reporter, sandbox, unfinished } = this.#host;
      this.#isFrozen = true;
      // By hand it may be frozen at work: then nothing is left behind.
      if (!this.#running) await unfinished?.freezes();
      reporter.telemetry.pause();
      await sandbox.freeze();
      reporter.emit({ type: 'frozen' });
    });
  }

  thaw(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isFrozen) return;
      this.#isFrozen = false;
      const { reporter, sandbox, unfinished } = this.#host;
      await sandbox.thaw();
      unfinished?.thawed(reporter.requestId);
      reporter.emit({ type: 'thawed' });
      reporter.telemetry.resume();
      this.workers.thawed();
    });
  }

  /** SHUTDOWN, then the environment is gone. */
  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.#end(reason);
    await this.close();
  }

  /** Fails what runs; the SHUTDOWN phase follows. Default: a fault of the platform, which is the reason `failure`. */
  interrupt(fault?: Fault): void {
    this.#host.interrupt(fault);
  }

  /** SIGKILL to one process; resolves when it is gone. @returns whether there was one */
  kill(target: 'runtime' | { extension: string }): Promise<boolean> {
    return this.#host.kill(target);
  }

  /** Ends everything at once. Idempotent. */
  close(): Promise<void> {
    return this.#host.close();
  }

  async #init(phase: InitPhase, limitMs: number): Promise<Generation> {
    const { reporter } = this.#host;
    const startedAt = performance.now();
    const done = (fault?: Fault) => {
      const extensions = this.#host.generation?.extensions ?? [];
      reporter.initDone(phase, performance.now() - startedAt, extensions, fault);
    };
    try {
      const runtime = new SingleRuntime();
      const generation = await this.#host.init({ phase, limitMs, runtime });
      done();
      return generation;
    } catch (error) {
      done(faultOf(error));
      throw error;
    }
  }

  /** After a reset or a failed INIT, the invoke brings the processes up itself ("suppressed init"), in its own time. */
  async #ensureInitialised(invocation: Invocation): Promise<Generation> {
    const { config, generation, reporter } = this.#host;
    try {
      return generation ?? (await this.#init('invoke', config.timeoutMs));
    } finally {
      reporter.invokeStart(invocation);
    }
  }

  async #runInvoke(generation: Generation, phase: InvokePhase): Promise<void> {
    const { invocation } = phase;
    const { runtime } = generation;
    const { deadlineMs, requestId, traceId } = invocation;
    // A process that ended behind the last invoke fails this one.
    generation.throwIfFailed();
    const extensions = generation.extensionsFor('INVOKE');
    for (const extension of extensions) {
      extension.release({
        eventType: 'INVOKE',
        deadlineMs,
        requestId,
        invokedFunctionArn: this.#host.config.arn,
        tracing: { type: 'X-Amzn-Trace-Id', value: traceId },
      });
    }
    runtime.deliver(invocation);
    await generation.until(() => runtime.isReady);
    await this.#runtimeDone(phase);
    await generation.until(() => extensions.every(({ state }) => state === 'Ready'));
  }

  async #runtimeDone(phase: InvokePhase, fault?: Fault): Promise<void> {
    // Lines that the runtime wrote before its answer may still be in the pipe.
    await new Promise((resolve) => setImmediate(resolve));
    phase.runtimeDoneAt ??= performance.now();
    this.#host.reporter.runtimeDone(phase.invocation, phase.startedAt, fault);
  }

  async #failInvoke(phase: InvokePhase, fault: Fault): Promise<void> {
    const { invocation } = phase;
    const errorMessage = this.#host.reporter.invokeFault(invocation, fault);
    const { errorType, reported } = fault;
    respond(this.#host, invocation, errorAnswer(reported ?? { errorType, errorMessage }));
    await this.#runtimeDone(phase, fault);
    await this.#report(phase, fault);
    await this.#end(fault.kind === 'timeout' ? 'timeout' : 'failure');
  }

  async #report(phase: InvokePhase, fault?: Fault): Promise<void> {
    const { config, generation, reporter, sandbox } = this.#host;
    const endedAt = performance.now();
    const { invocation, startedAt, runtimeDoneAt = endedAt } = phase;
    const peakMiB = await sandbox.peakMemoryMiB();
    reporter.report({
      invocation,
      startedAt,
      runtimeDoneAt,
      endedAt,
      hasExtensions: (generation?.extensions.length ?? 0) > 0,
      initDurationMs: this.#initDurationMs,
      maxMemoryMiB: Math.min(peakMiB, config.memoryMiB),
      fault,
    });
  }

  /** By hand, it may be frozen also while it works. */
  async #end(reason: ShutdownReason): Promise<void> {
    await this.thaw();
    await this.#host.end(reason);
  }

  /** One after the other: by hand, freeze and thaw may come at any time. */
  #inTurn(move: () => Promise<void>): Promise<void> {
    const moved = this.#moved.then(move);
    this.#moved = moved.catch(() => {});
    return moved;
  }
}

function respond(host: EnvironmentHost, invocation: Invocation, answer: Answer): void {
  if (invocation.respond(answer, host.id)) host.reporter.response(invocation);
}
