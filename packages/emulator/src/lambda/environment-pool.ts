import { setTimeout as delay } from 'node:timers/promises';
import { Environment } from '../environment/environment.ts';
import type { EnvironmentDependencies } from '../environment/environment-host.ts';
import { ClosedError } from '../errors.ts';
import type { ShutdownReason } from '../lambda-types.ts';
import type { Invocation } from '../parties/invocation.ts';
import { boot } from './boot-gate.ts';
import { controlEnvironment } from './control-environment.ts';
import type { EnvironmentControl } from './environment-control.ts';
import { IdleWaiters } from './idle-waiters.ts';
import type { InvocationTarget } from './invocation-target.ts';
import { STAYS_ALONE, TAKEN_BY_OTHERS } from './taken-port.ts';

/**
 * How long a request waits for an environment that is about to come free, before it asks for another. Rarely
 * more than some milliseconds pass, but a busy machine may need longer.
 */
const COMING_FREE_MS = 1_000;

type TenantId = string | undefined;

/** An environment and what it does at the moment. */
interface Member {
  readonly environment: Environment;
  readonly tenantId: TenantId;
  state: 'starting' | 'running' | 'freezing' | 'free';
  invocation?: Invocation | undefined;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** An environment that has been asked for, and is not yet among the members. */
interface Boot {
  readonly tenantId: TenantId;
  isStarted: boolean;
}

export interface PoolLimits {
  /** Invokes at once; one more is throttled. */
  readonly maxConcurrency: number;
  /** Environments at once; a request that finds no room waits. */
  readonly maxEnvironments: number;
}

/** All environments of one function on demand; finds one for each invocation, or starts one. */
export class EnvironmentPool implements InvocationTarget {
  readonly #dependencies: EnvironmentDependencies;
  readonly #limits: PoolLimits;
  #maxEnvironments: number;
  readonly #members = new Set<Member>();
  readonly #boots = new Set<Boot>();
  readonly #waiting: Invocation[] = [];
  /** Those that wait for an environment which is about to come free, and not for a new one. */
  readonly #patient = new Set<Invocation>();
  readonly #waiters = new IdleWaiters(() => this.#isIdle());
  /** On their way out. */
  readonly #retiring = new Set<Environment>();
  #mayStart = true;
  #isClosed = false;

  constructor(dependencies: EnvironmentDependencies, limits: PoolLimits) {
    this.#dependencies = dependencies;
    this.#limits = limits;
    this.#maxEnvironments = limits.maxEnvironments;
  }

  accept(invocation: Invocation): boolean {
    const { tenantId } = invocation;
    for (const member of this.#members) {
      if (member.state === 'free' && member.environment.isLost) void this.#drop(member);
    }
    const free = this.#membersOf(tenantId).find(({ state }) => state === 'free');
    if (free) {
      void this.#run(free, invocation);
      return true;
    }
    const running = [...this.#members].filter(
      (member) => member.state === 'running' && !isComingFree(member),
    );
    if (running.length + this.#waiting.length >= this.#limits.maxConcurrency) return false;
    const comingFree = this.#membersOf(tenantId).filter(isComingFree).length;
    const isPatient = this.#waitingFor(tenantId, 'patient') < comingFree;
    this.#waiting.push(invocation);
    if (isPatient) void this.#losePatience(invocation);
    else this.#provide();
    this.#rejectUnreachable();
    return true;
  }

  idle(): Promise<void> {
    return this.#waiters.idle();
  }

  async shutdown(reason: ShutdownReason): Promise<void> {
    await this.idle();
    await Promise.all([...this.#members].map((member) => this.#retire(member, reason)));
  }

  stopStarting(): void {
    this.#mayStart = false;
    this.#rejectUnreachable();
  }

  interrupt(): void {
    this.#rejectWaiting(() => true);
    for (const { environment, state } of this.#members) {
      if (state !== 'free') environment.interrupt();
    }
  }

  async kill(process: 'runtime' | { extension: string }): Promise<void> {
    await Promise.all([...this.#members].map(({ environment }) => environment.kill(process)));
  }

  controls(): readonly EnvironmentControl[] {
    return [...this.#members].map((member) => {
      const { environment } = member;
      return controlEnvironment(environment, {
        freeze: () => environment.freeze(),
        thaw: () => environment.thaw(),
        showPending: () => environment.showPending(),
        isFrozen: () => environment.isFrozen,
        hasProcesses: () => environment.hasProcesses,
        isWorking: () => member.state !== 'free',
        retire: (reason) => this.#retire(member, reason),
      });
    });
  }

  /** Ends everything at once; what runs or waits is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { config } = this.#dependencies;
    this.#rejectWaiting(() => true);
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

  #membersOf(tenantId: TenantId): Member[] {
    return [...this.#members].filter((member) => member.tenantId === tenantId);
  }

  #waitingFor(tenantId: TenantId, what: 'patient' | 'new environment'): number {
    return this.#waiting.filter(
      (invocation) =>
        invocation.tenantId === tenantId && this.#patient.has(invocation) === (what === 'patient'),
    ).length;
  }

  #isIdle(): boolean {
    const isWorking = [...this.#members].some(({ state }) => state !== 'free');
    const isMoving = [...this.#boots].some(({ isStarted }) => isStarted) || this.#retiring.size > 0;
    return !isWorking && !isMoving && this.#waiting.length === 0;
  }

  #rejectWaiting(isMeant: (invocation: Invocation) => boolean): void {
    for (const invocation of this.#waiting.splice(0)) {
      if (isMeant(invocation)) invocation.reject(new ClosedError(this.#dependencies.config.name));
      else this.#waiting.push(invocation);
    }
    this.#waiters.look();
  }

  /** When none may start any more, only an environment that is there already can come free. */
  #rejectUnreachable(): void {
    if (this.#mayStart) return;
    this.#rejectWaiting(
      ({ tenantId }) =>
        this.#membersOf(tenantId).length === 0 && this.#coming(tenantId, 'started') === 0,
    );
  }

  async #losePatience(invocation: Invocation): Promise<void> {
    this.#patient.add(invocation);
    await delay(COMING_FREE_MS, undefined, { ref: false });
    this.#patient.delete(invocation);
    this.#provide();
  }

  /** Asks for an environment for each request that waits for one, as far as there is room. */
  #provide(): void {
    if (!this.#mayStart || this.#isClosed) return;
    for (const tenantId of new Set(this.#waiting.map((invocation) => invocation.tenantId))) {
      const wanted = this.#waitingFor(tenantId, 'new environment');
      while (this.#coming(tenantId, 'asked for') < wanted) {
        const room = this.#makeRoom();
        if (!room) return;
        void this.#start(tenantId, room);
      }
    }
  }

  /** Environments on their way to a tenant: all that were asked for, or only those that start already. */
  #coming(tenantId: TenantId, what: 'asked for' | 'started'): number {
    const boots = [...this.#boots].filter(
      (one) => one.tenantId === tenantId && (what === 'asked for' || one.isStarted),
    );
    const starting = this.#membersOf(tenantId).filter(({ state }) => state === 'starting');
    return boots.length + starting.length;
  }

  /** Resolves when one more environment may start; `undefined` when none may. */
  #makeRoom(): Promise<void> | undefined {
    if (this.#members.size + this.#boots.size < this.#maxEnvironments) {
      return Promise.resolve();
    }
    // It belongs to another tenant: this one's would have been used.
    const free = [...this.#members].find(({ state }) => state === 'free');
    return free && this.#retire(free, 'spindown');
  }

  async #start(tenantId: TenantId, room: Promise<void>): Promise<void> {
    const asked: Boot = { tenantId, isStarted: false };
    this.#boots.add(asked);
    try {
      await room;
      const member = await boot(this, () => this.#boot(asked));
      if (member) await this.#release(member);
    } catch (error) {
      // The machine refuses what an environment needs: nobody waits for one that cannot come.
      if (this.#members.size === 0) {
        for (const invocation of this.#waiting.splice(0)) invocation.reject(error as Error);
      }
    } finally {
      this.#boots.delete(asked);
    }
    this.#rejectUnreachable();
    this.#waiters.look();
  }

  async #boot(asked: Boot): Promise<Member | undefined> {
    const { tenantId } = asked;
    // Meanwhile, environments that came free may have taken all requests.
    const isWanted =
      this.#waitingFor(tenantId, 'new environment') > this.#coming(tenantId, 'started');
    const hasRoom = this.#members.size < this.#maxEnvironments;
    if (!isWanted || !hasRoom || !this.#mayStart || this.#isClosed) return undefined;
    asked.isStarted = true;
    const environment = await Environment.create(this.#dependencies);
    const member: Member = { environment, tenantId, state: 'starting' };
    this.#boots.delete(asked);
    this.#members.add(member);
    try {
      if (this.#isClosed) throw new ClosedError(this.#dependencies.config.name);
      await environment.init();
      return environment.wantsTakenPort ? await this.#settleTakenPort(member) : member;
    } catch (error) {
      this.#members.delete(member);
      await environment.close();
      throw error;
    }
  }

  /** @returns the member if it is the only one, else it makes way for those that have the port. */
  async #settleTakenPort(member: Member): Promise<Member | undefined> {
    if (this.#members.size === 1) {
      this.#say(TAKEN_BY_OTHERS);
      return member;
    }
    if (this.#maxEnvironments > 1) this.#say(STAYS_ALONE);
    this.#maxEnvironments = 1;
    await this.#retire(member, 'failure');
    this.#provide();
    return undefined;
  }

  #say(line: string): void {
    const { onEvent } = this.#dependencies;
    onEvent({ at: Date.now(), environmentId: '', type: 'log', source: 'platform', line });
  }

  async #run(member: Member, invocation: Invocation): Promise<void> {
    member.state = 'running';
    member.invocation = invocation;
    clearTimeout(member.idleTimer);
    try {
      await member.environment.invoke(invocation);
    } catch (error) {
      invocation.reject(error as Error);
      await this.#drop(member);
      return;
    }
    if (member.environment.isLost) await this.#drop(member);
    else await this.#release(member);
  }

  /** The environment cannot be used again; others take its place. */
  async #drop(member: Member): Promise<void> {
    clearTimeout(member.idleTimer);
    this.#members.delete(member);
    await member.environment.close();
    this.#rejectUnreachable();
    this.#provide();
    this.#waiters.look();
  }

  /** The environment takes the invocation that has waited longest, or is frozen. */
  async #release(member: Member): Promise<void> {
    if (this.#isClosed || this.#takeWaiting(member)) return;
    member.state = 'freezing';
    await member.environment.freeze();
    // Requests may have come while it was being frozen.
    if (this.#isClosed || this.#takeWaiting(member)) return;
    member.state = 'free';
    this.#armIdleTimer(member);
    this.#provide();
    this.#waiters.look();
  }

  #takeWaiting(member: Member): boolean {
    const index = this.#waiting.findIndex(({ tenantId }) => tenantId === member.tenantId);
    const [invocation] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!invocation) return false;
    void this.#run(member, invocation);
    return true;
  }

  #armIdleTimer(member: Member): void {
    const { idleTimeoutMs } = this.#dependencies.config;
    if (idleTimeoutMs === undefined || this.#isClosed) return;
    member.idleTimer = setTimeout(() => void this.#retire(member, 'spindown'), idleTimeoutMs);
  }

  async #retire(member: Member, reason: ShutdownReason): Promise<void> {
    const { environment, idleTimer } = member;
    clearTimeout(idleTimer);
    this.#members.delete(member);
    this.#retiring.add(environment);
    await environment.shutdown(reason);
    this.#retiring.delete(environment);
    this.#waiters.look();
  }
}

/** On Lambda, such an environment is free by the time the caller's next request arrives. */
const isComingFree = ({ state, environment }: Member): boolean =>
  state === 'freezing' || (state === 'running' && environment.isWindingDown);
