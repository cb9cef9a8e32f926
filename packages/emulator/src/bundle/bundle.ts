import { resolve, sep } from 'node:path';
import type { BuildContext, BuildResult } from 'esbuild';
import { BundleFailedError, describe } from './errors.ts';
import { loadEsbuild } from './esbuild.ts';
import { type EntryOptions, esbuildOptions } from './esbuild-options.ts';

/** A file of a bundle; the path is relative to the folder of the entry's module. */
export interface BundleFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const MAY_MEND = /\.(?:[cm]?[jt]sx?|json)$/;

/** One entry: its bundle as of the last build, and which files that was made from. */
export class Bundle {
  readonly #options: EntryOptions;
  readonly #onWarning: (warning: string) => void;
  #context: Promise<BuildContext> | undefined;
  #built: Promise<readonly BundleFile[]> | undefined;
  #inputs: ReadonlySet<string> = new Set();
  #isBroken = false;

  constructor(options: EntryOptions, onWarning: (warning: string) => void) {
    this.#options = options;
    this.#onWarning = onWarning;
  }

  /**
   * The files of the bundle, built again only after `invalidate()`.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_BUNDLE_FAILED`.
   */
  files(): Promise<readonly BundleFile[]> {
    this.#built ??= this.#build();
    return this.#built;
  }

  /** @returns whether the next build may differ, now that these files have changed. */
  invalidate(changed: readonly string[]): boolean {
    const isAffected = changed.some(
      // Which files a failed build would have read is not known.
      (file) => this.#inputs.has(file) || (this.#isBroken && MAY_MEND.test(file)),
    );
    if (!isAffected) return false;
    this.#built = undefined;
    return true;
  }

  /** Files that it was made from, installed packages left out. */
  get sources(): string[] {
    return [...this.#inputs].filter((file) => !file.includes(`${sep}node_modules${sep}`));
  }

  /** Gives up what makes the next build fast. */
  async close(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.then((made) => made.dispose()).catch(() => {});
  }

  async #build(): Promise<readonly BundleFile[]> {
    const { folder } = this.#options.bundling;
    try {
      this.#context ??= this.#createContext();
      const { outputFiles = [], metafile, warnings } = await (await this.#context).rebuild();
      for (const warning of warnings) this.#onWarning(describe(warning));
      this.#inputs = new Set(
        Object.keys(metafile?.inputs ?? {}).map((input) => resolve(folder, input)),
      );
      this.#isBroken = false;
      return toFiles(outputFiles);
    } catch (cause) {
      this.#isBroken = true;
      // Options that esbuild refuses leave no context to build with.
      this.#context?.catch(() => {
        this.#context = undefined;
      });
      throw new BundleFailedError({ source: this.#options.entry.source, cause });
    }
  }

  async #createContext(): Promise<BuildContext> {
    const esbuild = await loadEsbuild(this.#options.bundling.folder);
    return esbuild.context(await esbuildOptions(this.#options));
  }
}

function toFiles(outputs: NonNullable<BuildResult['outputFiles']>): BundleFile[] {
  const nameOf = (path: string) => path.split(/[/\\]/).pop() ?? path;
  const names = new Set(outputs.map(({ path }) => nameOf(path)));
  return outputs.map(({ path, contents }) => {
    const name = nameOf(path);
    const map = `${name}.map`;
    // esbuild leaves this line out of files that it does not write itself beside their map.
    return names.has(map)
      ? { name, content: Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${map}\n`)]) }
      : { name, content: contents };
  });
}
