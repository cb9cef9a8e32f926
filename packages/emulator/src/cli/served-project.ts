import { setTimeout as delay } from 'node:timers/promises';
import type { HttpContent } from '../http/find-exchange.ts';
import type { Project } from '../project/project.ts';
import {
  closeFunctions,
  interruptFunctions,
  type RunningFunctions,
  type RunOptions,
  retireFunctions,
  startFunctions,
  stopStarting,
} from './functions.ts';

/** A project whose functions run, and that can be replaced by a newer version of itself. */
export class ServedProject {
  readonly #options: RunOptions;
  readonly #retiring = new Map<RunningFunctions, Promise<void>>();
  #project: Project;
  #functions: RunningFunctions;
  #isEnding = false;

  private constructor(project: Project, functions: RunningFunctions, options: RunOptions) {
    this.#project = project;
    this.#functions = functions;
    this.#options = options;
  }

  static async start(project: Project, options: RunOptions): Promise<ServedProject> {
    return new ServedProject(project, await startFunctions(project.functions, options), options);
  }

  get project(): Project {
    return this.#project;
  }

  get content(): HttpContent {
    return {
      apis: this.#project.apis,
      functions: this.#functions,
      functionUrls: this.#project.functions.filter(({ hasUrl }) => hasUrl).map(({ name }) => name),
    };
  }

  /** Starts the new functions; the old ones end as soon as their running work has. Without effect once all end. */
  async replace(project: Project): Promise<void> {
    const functions = await startFunctions(project.functions, this.#options);
    if (this.#isEnding) return closeFunctions(functions);
    this.#retire(this.#functions);
    this.#project = project;
    this.#functions = functions;
  }

  /**
   * Lets all functions end, old ones too: running work first, then the SHUTDOWN phase. No environment starts any more.
   *
   * @returns whether that was done within `graceMs`; if not, `interrupt()` cuts the work off.
   */
  async retire(graceMs: number): Promise<boolean> {
    this.#isEnding = true;
    for (const functions of [this.#functions, ...this.#retiring.keys()]) stopStarting(functions);
    this.#retire(this.#functions);
    return this.#haveRetired(graceMs);
  }

  /**
   * Cuts off the work that still runs; the SHUTDOWN phase of its environments follows.
   *
   * @returns whether that was done within `limitMs`; if not, `close()` ends the rest.
   */
  async interrupt(limitMs: number): Promise<boolean> {
    for (const functions of this.#retiring.keys()) interruptFunctions(functions);
    return this.#haveRetired(limitMs);
  }

  /** Ends every process at once. */
  async close(): Promise<void> {
    await Promise.all([this.#functions, ...this.#retiring.keys()].map(closeFunctions));
  }

  async #haveRetired(limitMs: number): Promise<boolean> {
    const timer = new AbortController();
    const all = Promise.all(this.#retiring.values()).then(() => true);
    const limit = delay(limitMs, false, { signal: timer.signal });
    try {
      return await Promise.race([all, limit]);
    } finally {
      timer.abort();
      limit.catch(() => undefined);
    }
  }

  #retire(functions: RunningFunctions): void {
    const retired = retireFunctions(functions).finally(() => this.#retiring.delete(functions));
    this.#retiring.set(functions, retired);
  }
}
