import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface FileWatcher {
  close(): void;
}

const IGNORED = new Set(['.aws-sam', '.git', '.serverless', 'node_modules']);
// One save is several events: truncate, write, rename.
const QUIET_MS = 100;

/**
 * Watches files, and folders with all that is in them except dependencies and build output of tools.
 * Calls back once for changes that come close together, with one of the changed files.
 */
export function watchFiles(
  paths: readonly string[],
  onChange: (file: string) => void,
): FileWatcher {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;

  const changed = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS, file);
  };
  const watchFolder = (folder: string, isWatched: (name: string) => boolean, deep: boolean) => {
    const key = `${folder}\n${deep}`;
    if (watchers.has(key)) return;
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || !isWatched(name)) return;
        const file = join(folder, name);
        if (deep && isFolder(file)) watchTree(file);
        changed(file);
      });
      // The folder was removed; its parent reports that.
      watcher.on('error', () => watcher.close());
      watchers.set(key, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };
  const watchTree = (folder: string) => {
    watchFolder(folder, (name) => !IGNORED.has(name), true);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !IGNORED.has(entry.name)) watchTree(join(folder, entry.name));
    }
  };

  const files = Map.groupBy(
    paths.filter((path) => !isFolder(path)),
    (path) => dirname(path),
  );
  for (const path of paths) if (isFolder(path)) watchTree(path);
  // Editors replace a file, so its folder is watched, not the file itself.
  for (const [folder, inFolder] of files) {
    const names = new Set(inFolder.map((file) => basename(file)));
    watchFolder(folder, (name) => names.has(name), false);
  }

  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
