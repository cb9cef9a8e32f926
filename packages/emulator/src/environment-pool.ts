import { boot } from './boot-gate.ts';
import { Environment } from './environment/environment.ts';
import type { EnvironmentDependencies } from './environment/environment-host.ts';
import type { Invocation } from './environment/invocation.ts';
import { ClosedError } from './errors.ts';
import type { InvocationTarget } from './invocation-target.ts';
import type { ShutdownReason } from './lambda-types.ts';
import { MAX_TIMER_MS } from './max-timer.ts';

/** An environment and what it does at the moment. */
interface Member {
  readonly environment: Environment;
  readonly tenantId: string | undefined;
  isBusy: boolean;
  invocation?: Invocation | undefined;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** All environments of one function on demand; finds one for each invocation, or starts one. */
export class EnvironmentPool implements InvocationTarget {
  readonly #dependencies: EnvironmentDependencies;
  /** Environments at once. */
  readonly #maxEnvironments: number;
  /** Whether a request that finds no room waits for an environment, instead of being throttled. */
  readonly #mayWait: boolean;
  readonly #members = new Set<Member>();
  readonly #waiting: Invocation[] = [];
  readonly #idleListeners: (() => void)[] = [];
  /** On their way out. */
  readonly #retiring = new Set<Environment>();
  /** Started, and not yet among the members. */
  #creating = 0;
  #isClosed = false;

  constructor(
    dependencies: EnvironmentDependencies,
    { maxEnvironments, mayWait }: { maxEnvironments: number; mayWait: boolean },
  ) {
    this.#dependencies = dependencies;
    this.#maxEnvironments = maxEnvironments;
    this.#mayWait = mayWait;
  }

  /** @returns false when the invocation was throttled. */
  accept(invocation: Invocation): boolean {
    const free = this.#findFree(invocation);
    if (free) {
      void this.#run(free, invocation);
      return true;
    }
    const hasRoom = this.#members.size + this.#creating < this.#maxEnvironments;
    // Frozen environments of other tenants do not count as concurrency.
    const replaceable = hasRoom ? undefined : [...this.#members].find(({ isBusy }) => !isBusy);
    if (!hasRoom && !replaceable && !this.#mayWait) return false;
    this.#waiting.push(invocation);
    if (replaceable) this.#replace(replaceable, invocation.tenantId);
    else if (hasRoom) void this.#start(invocation.tenantId);
    return true;
  }

  async idle(): Promise<void> {
    while (!this.#isIdle()) {
      await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    }
  }

  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.idle();
    await Promise.all([...this.#members].map((member) => this.#retire(member, reason)));
  }

  interrupt(): void {
    this.#rejectWaiting();
    for (const { environment, isBusy } of this.#members) if (isBusy) environment.interrupt();
  }

  async kill(process: 'runtime' | { extension: string }): Promise<void> {
    await Promise.all([...this.#members].map(({ environment }) => environment.kill(process)));
  }

  /** Ends everything at once; what runs or waits is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { config } = this.#dependencies;
    this.#rejectWaiting();
    const environments = [...this.#retiring];
    for (const member of this.#members) {
      clearTimeout(member.idleTimer);
      member.invocation?.reject(new ClosedError(config.name));
      environments.push(member.environment);
    }
    this.#members.clear();
    await Promise.all(environments.map((environment) => environment.close()));
    await this.idle();
  }

  #rejectWaiting(): void {
    for (const invocation of this.#waiting.splice(0)) {
      invocation.reject(new ClosedError(this.#dependencies.config.name));
    }
  }

  #isIdle(): boolean {
    const isWorking = [...this.#members].some(({ isBusy }) => isBusy);
    const isMoving = this.#creating > 0 || this.#retiring.size > 0;
    return !isWorking && !isMoving && this.#waiting.length === 0;
  }

  #findFree({ tenantId }: Invocation): Member | undefined {
    for (const member of this.#members) {
      if (!member.isBusy && member.tenantId === tenantId) return member;
    }
    return undefined;
  }

  #replace(member: Member, tenantId: string | undefined): void {
    void this.#start(tenantId, this.#retire(member, 'spindown'));
  }

  async #start(tenantId: string | undefined, after?: Promise<void>): Promise<void> {
    this.#creating++;
    try {
      await after;
      const member = await boot(() => this.#boot(tenantId));
      if (member) await this.#release(member);
    } catch (error) {
      // The machine refuses what an environment needs: nobody waits for one that cannot come.
      for (const invocation of this.#waiting.splice(0)) invocation.reject(error as Error);
    }
    this.#notifyIdle();
  }

  async #boot(tenantId: string | undefined): Promise<Member | undefined> {
    let environment: Environment;
    try {
      if (this.#isClosed) return undefined;
      environment = await Environment.create(this.#dependencies);
    } finally {
      this.#creating--;
    }
    const member: Member = { environment, tenantId, isBusy: true };
    this.#members.add(member);
    try {
      if (this.#isClosed) throw new ClosedError(this.#dependencies.config.name);
      await environment.init();
      return member;
    } catch (error) {
      this.#members.delete(member);
      await environment.close();
      throw error;
    }
  }

  async #run(member: Member, invocation: Invocation): Promise<void> {
    member.isBusy = true;
    member.invocation = invocation;
    clearTimeout(member.idleTimer);
    try {
      await member.environment.invoke(invocation);
      await this.#release(member);
    } catch (error) {
      invocation.reject(error as Error);
      this.#members.delete(member);
      await member.environment.close();
      this.#notifyIdle();
    }
  }

  /** The environment takes the invocation that has waited longest, or is frozen. */
  async #release(member: Member): Promise<void> {
    if (this.#isClosed) return;
    const next = this.#takeWaiting(member.tenantId);
    if (next) {
      void this.#run(member, next);
      return;
    }
    await member.environment.freeze();
    // Requests may have come while it was being frozen.
    const late = this.#takeWaiting(member.tenantId);
    if (late) {
      void this.#run(member, late);
      return;
    }
    member.isBusy = false;
    this.#armIdleTimer(member);
    const [otherTenants] = this.#waiting;
    if (otherTenants && this.#creating === 0) this.#replace(member, otherTenants.tenantId);
    this.#notifyIdle();
  }

  #takeWaiting(tenantId: string | undefined): Invocation | undefined {
    const index = this.#waiting.findIndex((invocation) => invocation.tenantId === tenantId);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  #armIdleTimer(member: Member): void {
    const { idleTimeoutMs } = this.#dependencies.config;
    if (idleTimeoutMs === undefined || this.#isClosed) return;
    member.idleTimer = setTimeout(
      () => void this.#retire(member, 'spindown'),
      Math.min(idleTimeoutMs, MAX_TIMER_MS),
    );
  }

  async #retire(member: Member, reason: ShutdownReason): Promise<void> {
    const { environment, idleTimer } = member;
    clearTimeout(idleTimer);
    this.#members.delete(member);
    this.#retiring.add(environment);
    await environment.shutdown(reason);
    this.#retiring.delete(environment);
    this.#notifyIdle();
  }

  #notifyIdle(): void {
    for (const look of this.#idleListeners.splice(0)) look();
  }
}
