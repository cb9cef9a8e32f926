import type { EnvironmentDependencies } from '../environment/environment-host.ts';
import { ManagedEnvironment } from '../environment/managed-environment.ts';
import { ClosedError } from '../errors.ts';
import type { ShutdownReason } from '../lambda-types.ts';
import type { Fault } from '../parties/fault.ts';
import { errorAnswer, type Invocation } from '../parties/invocation.ts';
import { boot } from './boot-gate.ts';
import { controlEnvironment } from './control-environment.ts';
import type { EnvironmentControl } from './environment-control.ts';
import { IdleWaiters } from './idle-waiters.ts';
import type { InvocationTarget } from './invocation-target.ts';

/**
 * A function on Managed Instances. AWS runs several environments of it; one is enough here to show
 * what matters: concurrent invokes in one environment that is never frozen. One that fails is replaced.
 */
export class ManagedInstance implements InvocationTarget {
  readonly #dependencies: EnvironmentDependencies;
  readonly #waiting: Invocation[] = [];
  readonly #waiters = new IdleWaiters(() => this.#isIdle());
  /** On their way out. */
  readonly #retiring = new Set<ManagedEnvironment>();
  #starting: ManagedEnvironment | undefined;
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

  idle(): Promise<void> {
    return this.#waiters.idle();
  }

  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.idle();
    if (this.#environment) await this.#retire(this.#environment, reason);
  }

  stopStarting(): void {
    if (this.#starting ?? this.#environment) return;
    this.#rejectWaiting();
  }

  interrupt(): void {
    this.#rejectWaiting();
    for (const environment of [this.#starting, this.#environment]) environment?.interrupt();
  }

  async kill(process: 'runtime' | { extension: string }): Promise<void> {
    await this.#environment?.kill(process);
  }

  controls(): readonly EnvironmentControl[] {
    const environment = this.#environment;
    if (!environment) return [];
    return [
      controlEnvironment(environment, {
        isFrozen: () => false,
        hasProcesses: () => true,
        isWorking: () => environment.load > 0,
        retire: (reason) => this.#retire(environment, reason),
      }),
    ];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const cutOff = [...this.#waiting.splice(0), ...(this.#environment?.running ?? [])];
    for (const invocation of cutOff) {
      invocation.reject(new ClosedError(this.#dependencies.config.name));
    }
    const environments = [this.#starting, this.#environment, ...this.#retiring];
    this.#environment = undefined;
    await Promise.all(environments.map((environment) => environment?.close()));
    await this.idle();
  }

  #rejectWaiting(): void {
    for (const invocation of this.#waiting.splice(0)) {
      invocation.reject(new ClosedError(this.#dependencies.config.name));
    }
  }

  async #start(): Promise<void> {
    this.#isBooting = true;
    try {
      await boot(this, () => this.#boot());
    } catch (error) {
      for (const invocation of this.#waiting.splice(0)) invocation.reject(error as Error);
    } finally {
      this.#isBooting = false;
      this.#waiters.look();
    }
  }

  async #boot(): Promise<void> {
    if (this.#isClosed || this.#waiting.length === 0) return;
    const environment = await ManagedEnvironment.create(this.#dependencies);
    this.#starting = environment;
    if (this.#isClosed) await environment.close();
    const fault = await environment.init(() => void this.#replace(environment));
    this.#starting = undefined;
    const waiting = this.#waiting.splice(0);
    if (fault) {
      for (const invocation of waiting) invocation.respond(initFailure(fault), '');
      await this.#retire(environment, 'failure');
      return;
    }
    this.#environment = environment;
    for (const invocation of waiting) void this.#run(environment, invocation);
  }

  async #run(environment: ManagedEnvironment, invocation: Invocation): Promise<void> {
    try {
      await environment.invoke(invocation);
    } catch (error) {
      invocation.reject(error as Error);
    }
    this.#waiters.look();
  }

  /** A process has ended: the environment goes, the next invoke brings another. */
  async #replace(environment: ManagedEnvironment): Promise<void> {
    if (this.#environment === environment) await this.#retire(environment, 'failure');
  }

  async #retire(environment: ManagedEnvironment, reason: ShutdownReason): Promise<void> {
    this.#environment = undefined;
    this.#retiring.add(environment);
    await environment.shutdown(reason);
    this.#retiring.delete(environment);
    this.#waiters.look();
  }

  #isIdle(): boolean {
    const isMoving = this.#isBooting || this.#retiring.size > 0;
    return !isMoving && this.#waiting.length === 0 && (this.#environment?.load ?? 0) === 0;
  }
}

function initFailure({ errorType, message, reported }: Fault) {
  return errorAnswer(reported ?? { errorType, errorMessage: message });
}
