import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FolderNotEmptyError, FolderUnusableError } from './errors.ts';

/**
 * Writes all files, or none: what has been written before a failure is removed again, and Ctrl-C waits until all is
 * done, which takes milliseconds.
 *
 * @param files text by path, as from `projectFiles()`.
 * @throws code `ASYNC_HTTP_CREATE_FOLDER_NOT_EMPTY` or `ASYNC_HTTP_CREATE_FOLDER_UNUSABLE`.
 */
export function writeProject(folder: string, files: ReadonlyMap<string, string>): void {
  checkFolder(folder);
  const wait = () => {};
  process.on('SIGINT', wait);
  let created: string | undefined;
  try {
    created = mkdirSync(folder, { recursive: true });
    for (const [path, text] of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  } catch (cause) {
    const left =
      created === undefined ? namesIn(folder).map((name) => join(folder, name)) : [created];
    for (const path of left) rmSync(path, { recursive: true, force: true });
    throw new FolderUnusableError({ folder, cause });
  } finally {
    process.off('SIGINT', wait);
  }
}

/**
 * Refuses a folder in which a project cannot be created: it is not empty (a repository without a file
 * counts as empty), or not a folder.
 *
 * @throws code `ASYNC_HTTP_CREATE_FOLDER_NOT_EMPTY` or `ASYNC_HTTP_CREATE_FOLDER_UNUSABLE`.
 */
export function checkFolder(folder: string): void {
  const [first, ...others] = namesIn(folder);
  if (first !== undefined) throw new FolderNotEmptyError({ folder, names: [first, ...others] });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name !== '.git');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new FolderUnusableError({ folder, cause });
  }
}
