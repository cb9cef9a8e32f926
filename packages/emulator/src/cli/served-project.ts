import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Bundler } from '../bundle/bundler.ts';
import type { HttpApiContent } from '../http-api/server.ts';
import type { FunctionDefinition, Project } from '../project/project.ts';
import {
  type FunctionListener,
  type RunningFunction,
  retireFunction,
  serveFunction,
} from './functions.ts';
import { UnusableFunction } from './unusable-function.ts';
import { isCodeOf } from './watched-paths.ts';

/** By their name in the project file. */
type RunningFunctions = ReadonlyMap<string, RunningFunction>;

/** A project whose functions run, and that can be replaced by a newer version of itself. */
export class ServedProject {
  readonly #bundler: Bundler;
  readonly #listener: FunctionListener;
  readonly #retiring = new Map<RunningFunction, Promise<void>>();
  #project: Project;
  #functions: RunningFunctions;

  private constructor(
    project: Project,
    functions: RunningFunctions,
    bundler: Bundler,
    listener: FunctionListener,
  ) {
    this.#project = project;
    this.#functions = functions;
    this.#bundler = bundler;
    this.#listener = listener;
  }

  static async start(
    project: Project,
    bundler: Bundler,
    listener: FunctionListener,
  ): Promise<ServedProject> {
    const serve = (definition: FunctionDefinition) => serveFunction(definition, bundler, listener);
    // Why some cannot run is among the project's warnings.
    const functions = await byName(project, serve);
    return new ServedProject(project, functions, bundler, listener);
  }

  get project(): Project {
    return this.#project;
  }

  get content(): HttpApiContent {
    const { routes, functions, unusable } = this.#project;
    const withUrl = [...functions, ...unusable].filter(({ hasUrl }) => hasUrl);
    return {
      routes,
      functions: this.#functions,
      functionUrls: withUrl.map(({ name }) => name),
    };
  }

  /** Names of the functions that cannot run. */
  get unusable(): string[] {
    return [...this.#functions].flatMap(([name, lambda]) =>
      lambda instanceof UnusableFunction ? [name] : [],
    );
  }

  /**
   * Starts the functions that differ, in their settings or because they were made from one of the changed
   * files; those they replace end as soon as their running work has.
   */
  async replace(project: Project, changed: readonly string[]): Promise<void> {
    const before = this.#functions;
    const same = new Set(
      project.functions.filter((definition) => !this.#differs(definition, changed)),
    );
    const functions = await byName(project, (definition) => {
      const running = before.get(definition.name);
      if (running && same.has(definition)) return running;
      return serveFunction(definition, this.#bundler, this.#listener, running);
    });
    for (const { reason } of project.unusable) {
      const isKnown = this.#project.unusable.some((one) => one.reason.message === reason.message);
      if (!isKnown) this.#listener.onUnusable(reason);
    }
    this.#project = project;
    this.#functions = functions;
    const kept = new Set(functions.values());
    for (const lambda of before.values()) if (!kept.has(lambda)) this.#retire(lambda);
  }

  /**
   * Lets all functions end, old ones too: running work first, then the SHUTDOWN phase.
   *
   * @returns whether that was done within `graceMs`; if not, `interrupt()` cuts the work off.
   */
  async retire(graceMs: number): Promise<boolean> {
    for (const lambda of this.#functions.values()) this.#retire(lambda);
    return this.#haveRetired(graceMs);
  }

  /**
   * Cuts off the work that still runs; the SHUTDOWN phase of its environments follows.
   *
   * @returns whether that was done within `limitMs`; if not, `close()` ends the rest.
   */
  async interrupt(limitMs: number): Promise<boolean> {
    for (const lambda of this.#retiring.keys()) lambda.interrupt();
    return this.#haveRetired(limitMs);
  }

  /** Ends every process at once. */
  async close(): Promise<void> {
    const all = [...this.#functions.values(), ...this.#retiring.keys()];
    await Promise.all(all.map((lambda) => lambda.close()));
  }

  #differs(definition: FunctionDefinition, changed: readonly string[]): boolean {
    const before = this.#project.functions.find(({ name }) => name === definition.name);
    const isRebuilt = this.#bundler.invalidate(definition, changed);
    return (
      isRebuilt ||
      this.#functions.get(definition.name) instanceof UnusableFunction ||
      !isDeepStrictEqual(before, definition) ||
      changed.some((file) => isCodeOf(definition, file))
    );
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

  #retire(lambda: RunningFunction): void {
    const retired = retireFunction(lambda).finally(() => this.#retiring.delete(lambda));
    this.#retiring.set(lambda, retired);
  }
}

async function byName(
  { functions, unusable }: Project,
  start: (definition: FunctionDefinition) => RunningFunction | Promise<RunningFunction>,
): Promise<RunningFunctions> {
  const started = functions.map(
    async (definition) => [definition.name, await start(definition)] as const,
  );
  return new Map([
    ...(await Promise.all(started)),
    ...unusable.map(({ name, reason }) => [name, new UnusableFunction(name, reason)] as const),
  ]);
}
