import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { HttpContent } from '../http/find-exchange.ts';
import type { FunctionUrl } from '../http/function-url/exchange.ts';
import { functionsWithUrl } from '../project/host-names.ts';
import type { FunctionDefinition, Project } from '../project/project.ts';
import {
  type RunningFunction,
  retireFunction,
  type ServeOptions,
  serveFunction,
} from './functions.ts';
import { UnusableFunction } from './unusable-function.ts';
import { isCodeOf } from './watched-paths.ts';

/** By their name in the project file. */
type RunningFunctions = ReadonlyMap<string, RunningFunction>;

/** A project whose functions run, and that can be replaced by a newer version of itself. */
export class ServedProject {
  readonly #options: ServeOptions;
  readonly #retiring = new Map<RunningFunction, Promise<void>>();
  #project: Project;
  #functions: RunningFunctions;
  #isEnding = false;

  private constructor(project: Project, functions: RunningFunctions, options: ServeOptions) {
    this.#project = project;
    this.#functions = functions;
    this.#options = options;
  }

  static async start(project: Project, options: ServeOptions): Promise<ServedProject> {
    // Why some cannot run is among the project's warnings.
    const functions = await byName(project, (definition) => serveFunction(definition, options));
    return new ServedProject(project, functions, options);
  }

  get project(): Project {
    return this.#project;
  }

  get functions(): RunningFunctions {
    return this.#functions;
  }

  get content(): HttpContent {
    return {
      apis: this.#project.apis,
      functions: this.#functions,
      functionUrls: functionsWithUrl(this.#project).map(toFunctionUrl),
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
   * files; those they replace end as soon as their running work has. Without effect once all end.
   */
  async replace(project: Project, changed: readonly string[]): Promise<void> {
    const before = this.#functions;
    const same = new Set(
      project.functions.filter((definition) => !this.#differs(definition, changed)),
    );
    const functions = await byName(project, (definition) => {
      const running = before.get(definition.name);
      if (running && same.has(definition)) return running;
      return serveFunction(definition, this.#options, running);
    });
    if (this.#isEnding) {
      await Promise.all(without(functions, before).map((lambda) => lambda.close()));
      return;
    }
    for (const { reason } of project.unusable) {
      const isKnown = this.#project.unusable.some((one) => one.reason.message === reason.message);
      if (!isKnown) this.#options.onUnusable(reason);
    }
    this.#project = project;
    this.#functions = functions;
    for (const lambda of without(before, functions)) this.#retire(lambda);
  }

  /**
   * Lets all functions end, old ones too: running work first, then the SHUTDOWN phase. No environment starts any more.
   *
   * @returns whether that was done within `graceMs`; if not, `interrupt()` cuts the work off.
   */
  async retire(graceMs: number): Promise<boolean> {
    this.#isEnding = true;
    for (const lambda of [...this.#functions.values(), ...this.#retiring.keys()]) {
      lambda.stopStarting();
    }
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
    const isRebuilt = this.#options.bundler.invalidate(definition, changed);
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

function without(functions: RunningFunctions, others: RunningFunctions): RunningFunction[] {
  const kept = new Set(others.values());
  return [...functions.values()].filter((lambda) => !kept.has(lambda));
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

const toFunctionUrl = ({
  name,
  urlStreams = false,
}: Pick<FunctionDefinition, 'name' | 'urlStreams'>): FunctionUrl => ({
  functionName: name,
  streams: urlStreams,
});
