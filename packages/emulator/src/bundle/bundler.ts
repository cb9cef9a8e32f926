import { Bundle } from './bundle.ts';
import type { BundledFunction } from './bundling.ts';
import { type BundledEntry, writeTaskFolder } from './task-folder.ts';

/** Bundles the functions of a project; entries that functions share are bundled once. */
export class Bundler {
  readonly #bundles = new Map<string, Bundle>();
  readonly #warned = new Set<string>();
  readonly #onWarning: (warning: string) => void;

  /** @param onWarning called once with each thing that esbuild finds doubtful. */
  constructor(onWarning: (warning: string) => void) {
    this.#onWarning = onWarning;
  }

  /**
   * Begins to bundle a function, if it is to be, unless that has been done and nothing has changed.
   *
   * @returns what waits for the result and puts it into a folder; it rejects with code
   * `ASYNC_HTTP_EMULATOR_BUNDLE_FAILED`.
   */
  bundle(definition: BundledFunction): ((target: string) => Promise<void>) | undefined {
    const { code, bundle } = definition;
    if (!bundle) return undefined;
    const bundled = Promise.all(
      this.#bundlesOf(definition).map(
        async ([module, built]): Promise<BundledEntry> => ({ module, files: await built.files() }),
      ),
    );
    // Nobody waits for it when the function cannot start for another reason.
    bundled.catch(() => {});
    return async (target) => writeTaskFolder(target, code, await bundled);
  }

  /** @returns whether the function's bundle was made from one of these files, or could not be made. */
  invalidate(definition: BundledFunction, changed: readonly string[]): boolean {
    return this.#bundlesOf(definition)
      .map(([, bundle]) => bundle.invalidate(changed))
      .includes(true);
  }

  /** Files that the function's bundle was made from, installed packages left out. */
  sourcesOf(definition: BundledFunction): string[] {
    return this.#bundlesOf(definition).flatMap(([, bundle]) => bundle.sources);
  }

  /** Ends what makes building again fast. */
  async close(): Promise<void> {
    await Promise.all([...this.#bundles.values()].map((bundle) => bundle.close()));
  }

  #warn(warning: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#onWarning(warning);
  }

  #bundlesOf({ code, bundle, runtime, layers }: BundledFunction): [string, Bundle][] {
    if (!bundle) return [];
    const { entries, ...bundling } = bundle;
    return entries.map((entry) => {
      const options = { entry, bundling, code, runtime, hasLayers: layers.length > 0 };
      const key = JSON.stringify(options);
      const known = this.#bundles.get(key) ?? new Bundle(options, (warning) => this.#warn(warning));
      this.#bundles.set(key, known);
      return [entry.module, known];
    });
  }
}
