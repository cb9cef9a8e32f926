import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** Dependencies, what tools write, and what people write for each other. */
const NEVER_CODE =
  /^(?:node_modules|coverage|\..+|.+\.(?:log|tsbuildinfo|swp)|.*~|(?:CHANGELOG|CONTRIBUTING|LICENSE|README)(?:\..*)?|4913)$/i;
/** The exceptions, because functions or project files read them. */
const HIDDEN_CODE = /^\.env/;

/** Files that change without a function running differently. */
export interface IgnoredFiles {
  has(path: string, isFolder: boolean): boolean;
  /** These count, whatever is said of them elsewhere. */
  use(paths: readonly string[]): void;
}

/** What is not watched in these folders: dependencies, logs, documents, what `.gitignore` names, and all of `except`. */
export async function createIgnoredFiles(
  folders: readonly string[],
  except: readonly string[] = [],
): Promise<IgnoredFiles> {
  const { default: createIgnore } = await import('ignore');
  const rules = new Map<string, Ignore | undefined>();
  const used = new Set<string>();

  const rulesOf = (folder: string): Ignore | undefined => {
    if (!rules.has(folder)) {
      const file = join(folder, '.gitignore');
      rules.set(
        folder,
        existsSync(file) ? createIgnore().add(readFileSync(file, 'utf8')) : undefined,
      );
    }
    return rules.get(folder);
  };

  const isInGitignore = (path: string, isFolder: boolean): boolean => {
    let isIgnored = false;
    // Rules of a folder further down come later, and win.
    for (const folder of foldersAbove(path)) {
      const name = relative(folder, path).split(sep).join('/') + (isFolder ? '/' : '');
      const answer = rulesOf(folder)?.test(name);
      if (answer?.ignored) isIgnored = true;
      else if (answer?.unignored) isIgnored = false;
    }
    return isIgnored;
  };

  return {
    has(path, isFolder) {
      if (except.some((folder) => isIn(folder, path))) return true;
      // The folders themselves, and the way to them.
      if (folders.some((folder) => isIn(path, folder))) return false;
      const isUsed = [...used].some((one) => isIn(path, one) || isIn(one, path));
      if (isUsed && !path.includes(`${sep}node_modules`)) return false;
      const name = basename(path);
      if (NEVER_CODE.test(name) && !HIDDEN_CODE.test(name)) return true;
      // Somebody who runs a folder that git ignores wants to see what happens in there.
      const root = folders.find((folder) => isIn(folder, path));
      return !(root && isInGitignore(root, true)) && isInGitignore(path, isFolder);
    },
    use(paths) {
      for (const path of paths) used.add(path);
    },
  };
}

/** From the top of the git repository (or of the machine) down. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder) || existsSync(join(folder, '.git'))) return folders;
  }
}

const isIn = (folder: string, path: string) => path === folder || path.startsWith(folder + sep);
