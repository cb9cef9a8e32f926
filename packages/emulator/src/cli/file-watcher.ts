import { fstatSync, type Stats, statSync } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import { createIgnoredFiles, type IgnoredFiles } from './ignored-files.ts';

// One save is several events: truncate, write, rename.
const QUIET_MS = 8;
/** Longer for a file that is empty or away: its content is on the way, as a rule. */
const UNFINISHED_MS = 20;
/** chokidar keeps quiet about a second change of a file that comes this soon. */
const BLIND_MS = 60;

/** What is watched. */
export interface WatchedPaths {
  /** Files, and folders with all that is in them except what `IgnoredFiles` leaves out. */
  readonly paths: readonly string[];
  /** Files and folders that count although they would be left out. */
  readonly used: readonly string[];
  /** Folders that do not count, wherever they are. */
  readonly except?: readonly string[];
}

/** Calls back once for changes that come close together, with all of the changed files. */
export class FileWatcher {
  readonly #onChange: (files: readonly string[]) => void;
  readonly #watcher: FSWatcher;
  readonly #ignored: IgnoredFiles;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #secondLook: NodeJS.Timeout | undefined;

  private constructor(
    watcher: FSWatcher,
    ignored: IgnoredFiles,
    onChange: (files: readonly string[]) => void,
  ) {
    this.#watcher = watcher;
    this.#ignored = ignored;
    this.#onChange = onChange;
    for (const event of ['add', 'change', 'unlink'] as const) {
      watcher.on(event, (file) => this.#note(file));
    }
    // A folder that may not be read; the rest is watched.
    watcher.on('error', () => {});
  }

  /** Resolves when every change from now on is noticed. */
  static async start(
    { paths, used, except = [] }: WatchedPaths,
    onChange: (files: readonly string[]) => void,
  ): Promise<FileWatcher> {
    const ignored = await createIgnoredFiles(paths, except);
    ignored.use(used);
    // Loaded only with --watch.
    const { watch } = await import('chokidar');
    const watcher = watch([...paths, ...used], {
      ignoreInitial: true,
      // It would wait 100 ms for a file that an editor replaces; the quiet time above does that.
      atomic: false,
      ignored: (path, stats) => ignored.has(path, stats?.isDirectory() ?? false),
    });
    const started = new FileWatcher(watcher, ignored, onChange);
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    return started;
  }

  /** Adds files and folders; those that are watched already stay so. */
  watch({ paths, used }: WatchedPaths): void {
    this.#ignored.use(used);
    this.#watcher.add([...paths, ...used]);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#secondLook);
    await this.#watcher.close();
  }

  #note(file: string): void {
    if (isOwnOutput(file)) return;
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reportFinished(), QUIET_MS);
  }

  #reportFinished(): void {
    if ([...this.#changed].every(hasContent)) this.#report();
    else this.#timer = setTimeout(() => this.#report(), UNFINISHED_MS - QUIET_MS);
  }

  #report(): void {
    const files = [...this.#changed];
    this.#changed.clear();
    const times = files.map(modifiedAt);
    this.#onChange(files);
    clearTimeout(this.#secondLook);
    this.#secondLook = setTimeout(() => {
      for (const [index, file] of files.entries()) {
        if (modifiedAt(file) !== times[index]) this.#note(file);
      }
    }, BLIND_MS);
  }
}

/** Whether standard output or standard error of this process goes to the file: `dev --watch > out.txt`. */
function isOwnOutput(file: string): boolean {
  const changed = statSync(file, { throwIfNoEntry: false });
  return [1, 2].some((output) => {
    const own = statOf(output);
    return own !== undefined && own.ino === changed?.ino && own.dev === changed.dev;
  });
}

function statOf(output: number): Stats | undefined {
  try {
    return fstatSync(output);
  } catch {
    return undefined;
  }
}

const hasContent = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

const modifiedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
