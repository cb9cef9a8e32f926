import { boot } from './boot-gate.ts';
import type { EnvironmentDependencies } from './environment/environment-host.ts';
import type { Fault } from './environment/fault.ts';
import { errorAnswer, type Invocation } from './environment/invocation.ts';
import { ManagedEnvironment } from './environment/managed-environment.ts';
import { ClosedError } from './errors.ts';
import type { InvocationTarget } from './invocation-target.ts';
import type { ShutdownReason } from './lambda-types.ts';

/**
 * A function on Managed Instances. AWS runs several environments of it; one is enough here to show
 * what matters: concurrent invokes in one environment that is never frozen. One that fails is replaced.
 */
export class ManagedInstance implements InvocationTarget {
  readonly #dependencies: EnvironmentDependencies;
  readonly #waiting: Invocation[] = [];
  readonly #idleListeners: (() => void)[] = [];
  #environment: ManagedEnvironment | undefined;
  #isBooting = false;
  #isClosed = false;

  constructor(dependencies: EnvironmentDependencies) {
    this.#dependencies = dependencies;
  }

  accept(invocation: Invocation): boolean {
    const load = this.#waiting.length + (this.#environment?.load ?? 0);
    if (load >= this.#dependencies.config.maxConcurrency) return false;
    if (this.#environment) {
      void this.#run(this.#environment, invocation);
    } else {
      this.#waiting.push(invocation);
      if (!this.#isBooting) void this.#start();
    }
    return true;
  }

  async idle(): Promise<void> {
    while (this.#isBooting || this.#waiting.length > 0 || (this.#environment?.load ?? 0) > 0) {
      await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    }
  }

  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.idle();
    const environment = this.#environment;
    this.#environment = undefined;
    await environment?.shutdown(reason);
  }

  async kill(process: 'runtime' | { extension: string }): Promise<void> {
    await this.#environment?.kill(process);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const cutOff = [...this.#waiting.splice(0), ...(this.#environment?.running ?? [])];
    for (const invocation of cutOff) {
      invocation.reject(new ClosedError(this.#dependencies.config.name));
    }
    const environment = this.#environment;
    this.#environment = undefined;
    await environment?.close();
    await this.idle();
  }

  async #start(): Promise<void> {
    this.#isBooting = true;
    try {
      await boot(() => this.#boot());
    } catch (error) {
      for (const invocation of this.#waiting.splice(0)) invocation.reject(error as Error);
    } finally {
      this.#isBooting = false;
      this.#notifyIdle();
    }
  }

  async #boot(): Promise<void> {
    if (this.#isClosed) return;
    const environment = await ManagedEnvironment.create(this.#dependencies);
    this.#environment = environment;
    if (this.#isClosed) {
      await environment.close();
      return;
    }
    const fault = await environment.init(() => void this.#replace(environment));
    if (fault) {
      this.#environment = undefined;
      for (const invocation of this.#waiting.splice(0)) {
        invocation.respond(initFailure(fault), '');
      }
      await environment.shutdown('failure');
      return;
    }
    for (const invocation of this.#waiting.splice(0)) void this.#run(environment, invocation);
  }

  async #run(environment: ManagedEnvironment, invocation: Invocation): Promise<void> {
    await environment.invoke(invocation);
    this.#notifyIdle();
  }

  /** A process has ended: the environment goes, the next invoke brings another. */
  async #replace(environment: ManagedEnvironment): Promise<void> {
    if (this.#environment !== environment) return;
    this.#environment = undefined;
    await environment.shutdown('failure');
    this.#notifyIdle();
  }

  #notifyIdle(): void {
    for (const look of this.#idleListeners.splice(0)) look();
  }
}

function initFailure({ errorType, message, reported }: Fault) {
  return errorAnswer(reported ?? { errorType, errorMessage: message });
}
