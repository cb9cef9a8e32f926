/** Variables with a handler that an extension loads from the function's code. */
export const HANDLER_VARIABLES = ['ASYNC_HANDLER'];

/**
 * How a function's handler files become JavaScript: what the tool that deploys the project would do, in
 * the words of esbuild.
 */
export interface Bundling {
  /** The project's folder, absolute: where esbuild, its plugins and relative options are looked up. */
  readonly folder: string;
  /** Options of esbuild as the project file has them; only plain values. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The project file says itself how to bundle, so nothing is made easier here than it is at a deploy. */
  readonly isExplicit: boolean;
  /** Files with more options (`config`) or plugins (`plugins`), absolute. */
  readonly config?: string;
  readonly plugins?: string;
}

/** A file that is bundled, and where in `/var/task` the result goes. */
export interface BundleEntry {
  /** Absolute. */
  readonly source: string;
  /** Path without extension, relative to the code folder: `src/user` of the handler `src/user.get`. */
  readonly module: string;
}

/** What is bundled for one function. */
export interface FunctionBundle extends Bundling {
  readonly entries: readonly BundleEntry[];
}

/** What a bundle depends on besides. */
export interface BundledFunction {
  /** Folder that becomes `/var/task`, absolute. */
  readonly code: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly layers: readonly unknown[];
  /** Absent: the code runs unchanged. */
  readonly bundle?: FunctionBundle;
}
