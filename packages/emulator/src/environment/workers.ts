import type { Generation } from '../parties/generation.ts';
import { kill } from '../sandbox/kill.ts';

/** The programs that do the work of the extensions of an environment, to make it fail or wait by hand. */
export class Workers {
  readonly #generation: () => Generation | undefined;
  /** Their pause was over while the environment was frozen. */
  #overdue: readonly number[] = [];

  constructor(generation: () => Generation | undefined) {
    this.#generation = generation;
  }

  /** SIGKILL. @returns how many there were */
  async kill(): Promise<number> {
    return (await this.#signal('SIGKILL')).length;
  }

  /** SIGSTOP for that long; longer where the environment is frozen then. @returns how many there were */
  async pause(ms: number, isFrozen: () => boolean): Promise<number> {
    const generation = this.#generation();
    const pids = await this.#signal('SIGSTOP');
    setTimeout(() => {
      // The processes are gone.
      if (this.#generation() !== generation) return;
      if (isFrozen()) this.#overdue = [...this.#overdue, ...pids];
      else for (const pid of pids) kill(pid, 'SIGCONT');
    }, ms).unref();
    return pids.length;
  }

  /** The environment runs again. */
  thawed(): void {
    for (const pid of this.#overdue) kill(pid, 'SIGCONT');
    this.#overdue = [];
  }

  async #signal(signal: 'SIGKILL' | 'SIGSTOP'): Promise<number[]> {
    const extensions = this.#generation()?.externalExtensions ?? [];
    const found = await Promise.all(extensions.map(({ process }) => process?.workers() ?? []));
    const pids = found.flat();
    for (const pid of pids) kill(pid, signal);
    return pids;
  }
}
