import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const IGNORED = new Set(['.aws-sam', '.git', '.serverless', 'node_modules']);
// One save is several events: truncate, write, rename.
const QUIET_MS = 20;

/**
 * Watches files, and folders with all that is in them except dependencies and build output of tools.
 * Calls back once for changes that come close together, with all of them.
 */
export class FileWatcher {
  readonly #onChange: (files: readonly string[]) => void;
  readonly #changed = new Set<string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: (files: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  /** Adds files and folders; those that are watched already stay so. */
  watch(paths: readonly string[]): void {
    for (const path of paths) {
      if (isFolder(path)) this.#watchTree(path);
      // Editors replace a file, so its folder is watched, not the file itself.
      else this.#watchFolder(path, dirname(path), (name) => name === basename(path));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watchTree(folder: string): void {
    try {
      this.#watchFolder(folder, folder, (name) => !IGNORED.has(name));
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory() && !IGNORED.has(entry.name)) {
          this.#watchTree(join(folder, entry.name));
        }
      }
    } catch (error) {
      // Removed again before it was read; its parent reports that.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #watchFolder(key: string, folder: string, isWatched: (name: string) => boolean): void {
    if (this.#watchers.has(key)) return;
    const watcher = watch(folder, (_, name) => {
      if (name === null || !isWatched(name)) return;
      const file = join(folder, name);
      // A new folder; files in it may be older than the watch, so it counts as a change itself.
      if (key === folder && isFolder(file)) this.#watchTree(file);
      this.#changed.add(file);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        const files = [...this.#changed];
        this.#changed.clear();
        this.#onChange(files);
      }, QUIET_MS);
    });
    watcher.on('error', () => {
      watcher.close();
      this.#watchers.delete(key);
    });
    this.#watchers.set(key, watcher);
  }
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
