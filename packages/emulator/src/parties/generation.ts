import type { SandboxProcess } from '../sandbox/sandbox.ts';
import type { Extension } from './extension.ts';
import { type Fault, PhaseFailure } from './fault.ts';
import type { RuntimeParty } from './runtime.ts';

/** The processes of an environment from one INIT to the reset or shutdown that ends them. */
export class Generation {
  readonly runtime: RuntimeParty;
  readonly extensions: Extension[] = [];
  runtimeProcess: SandboxProcess | undefined;
  /** Extensions register and subscribe during INIT only. */
  isRegistrationOpen = true;
  isSubscriptionOpen = true;
  /** Processes that end from now on end as they should. */
  isEnding = false;
  /** The error type that a process reported first; it names the fault when a process then ends. */
  reportedErrorType: string | undefined;
  #fault: Fault | undefined;
  #waiting: (() => void)[] = [];

  constructor(runtime: RuntimeParty) {
    this.runtime = runtime;
  }

  /** The first fault counts. */
  fail(fault: Fault): void {
    if (this.isEnding) return;
    this.#fault ??= fault;
    this.changed();
  }

  get hasFailed(): boolean {
    return this.#fault !== undefined;
  }

  /** Lets every `until()` look again. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /**
   * Resolves when the condition holds.
   *
   * @throws {PhaseFailure} as soon as a fault is known. Has no limit of its own: each phase arms a
   * timer that fails the generation.
   */
  async until(condition: () => boolean): Promise<void> {
    while (true) {
      this.throwIfFailed();
      if (condition()) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** @throws {PhaseFailure} */
  throwIfFailed(): void {
    if (this.#fault) throw new PhaseFailure(this.#fault);
  }

  extensionById(id: string): Extension | undefined {
    return this.extensions.find((extension) => extension.id === id);
  }

  extensionsFor(event: 'INVOKE' | 'SHUTDOWN'): Extension[] {
    return this.extensions.filter((extension) => extension.events.includes(event));
  }

  get externalExtensions(): Extension[] {
    return this.extensions.filter(({ isExternal }) => isExternal);
  }
}
