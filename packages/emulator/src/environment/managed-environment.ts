import { RuntimeApi } from '../api/runtime-api.ts';
import type { ShutdownReason } from '../lambda-types.ts';
import { ConcurrentRuntime } from '../parties/concurrent-runtime.ts';
import { type Fault, faultOf, PhaseFailure, TIMEOUT } from '../parties/fault.ts';
import { type Answer, errorAnswer, type Invocation } from '../parties/invocation.ts';
import { MANAGED_INIT_LIMIT_MS } from '../parties/lifecycle-limits.ts';
import { type EnvironmentDependencies, EnvironmentHost } from './environment-host.ts';
import type { Workers } from './workers.ts';

/** One execution environment on Managed Instances: many invokes at once, never frozen. */
export class ManagedEnvironment {
  readonly #host: EnvironmentHost;
  readonly #runtime = new ConcurrentRuntime();
  readonly #running = new Set<Invocation>();

  private constructor(host: EnvironmentHost) {
    this.#host = host;
  }

  /** @throws as `EnvironmentHost.create()`. */
  static async create(dependencies: EnvironmentDependencies): Promise<ManagedEnvironment> {
    const host = await EnvironmentHost.create(
      dependencies,
      (host) =>
        new RuntimeApi({
          config: host.config,
          generation: () => host.generation,
          respond: (invocation, answer) => respond(host, invocation, answer),
        }).handle,
    );
    return new ManagedEnvironment(host);
  }

  /**
   * INIT.
   *
   * @param onFailure Called once with the fault when a process ends later; the environment is of no
   * more use then.
   * @returns the fault when INIT fails.
   */
  async init(onFailure: (fault: Fault) => void): Promise<Fault | undefined> {
    const { config, reporter } = this.#host;
    const startedAt = performance.now();
    let fault: Fault | undefined;
    try {
      const generation = await this.#host.init({
        phase: 'init',
        limitMs: Math.max(MANAGED_INIT_LIMIT_MS, config.timeoutMs),
        runtime: this.#runtime,
      });
      generation.until(() => false).catch((error) => onFailure((error as PhaseFailure).fault));
    } catch (error) {
      fault = faultOf(error);
    }
    const extensions = this.#host.generation?.extensions ?? [];
    reporter.initDone('init', performance.now() - startedAt, extensions, fault);
    return fault;
  }

  /** Resolves when the runtime has answered, its time is up, or the environment has failed. */
  async invoke(invocation: Invocation): Promise<void> {
    const { config, generation, reporter } = this.#host;
    if (!generation)
      throw new Error('An environment takes invokes between INIT and SHUTDOWN only.');
    const startedAt = performance.now();
    invocation.deadlineMs = Date.now() + config.timeoutMs;
    this.#running.add(invocation);
    reporter.invokeStart(invocation);
    this.#runtime.deliver(invocation);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      generation.changed();
    }, config.timeoutMs);
    let fault: Fault | undefined;
    try {
      await generation.until(() => isLate || invocation.answer !== undefined);
      // Only this invoke is given up, not the environment.
      if (!invocation.answer) throw new PhaseFailure(TIMEOUT);
    } catch (error) {
      fault = faultOf(error);
      this.#runtime.giveUp(invocation);
    }
    clearTimeout(timer);
    this.#running.delete(invocation);
    if (this.#host.isClosed) return;
    if (fault) {
      const { errorType } = fault;
      const errorMessage = reporter.invokeFault(invocation, fault);
      respond(this.#host, invocation, errorAnswer({ errorType, errorMessage }));
    }
    reporter.managedReport(invocation, startedAt, fault);
  }

  get load(): number {
    return this.#running.size;
  }

  /** The invokes that would be cut off by `close()`. */
  get running(): Iterable<Invocation> {
    return this.#running;
  }

  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.#host.end(reason);
    await this.close();
  }

  /** Fails what runs; the SHUTDOWN phase follows, with the reason `failure`. */
  interrupt(fault?: Fault): void {
    this.#host.interrupt(fault);
  }

  /** @returns whether there was such a process */
  kill(target: 'runtime' | { extension: string }): Promise<boolean> {
    return this.#host.kill(target);
  }

  get id(): string {
    return this.#host.id;
  }

  get workers(): Workers {
    return this.#host.workers;
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}

function respond(host: EnvironmentHost, invocation: Invocation, answer: Answer): void {
  if (invocation.respond(answer, host.id)) host.reporter.response(invocation);
}
