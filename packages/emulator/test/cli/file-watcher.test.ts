import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FileWatcher } from '../../src/cli/file-watcher.ts';
import { projectFolder } from '../project/project-folder.ts';

/** Watches paths of a new folder; `next()` is the next file that is reported. */
function watchedFolder(files: Record<string, string>, ...paths: string[]) {
  const folder = projectFolder(files);
  const seen: string[][] = [];
  const watcher = new FileWatcher((files) => seen.push([...files]));
  onTestFinished(() => watcher.close());
  watcher.watch(paths.map((path) => join(folder, path)));
  return {
    write: (name: string) => writeFileSync(join(folder, name), 'new'),
    path: (name: string) => join(folder, name),
    next: async () => {
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(0);
      return seen.shift()?.sort();
    },
  };
}

it('reports a file in a folder, however deep', async () => {
  const { write, next, path } = watchedFolder({ 'src/deep/a.js': '' }, '.');
  write('src/deep/a.js');
  expect(await next()).toEqual([path('src/deep/a.js')]);
});

it('reports files of folders that are new', async () => {
  const { write, next, path } = watchedFolder({ 'a.js': '' }, '.');
  mkdirSync(path('lib'));
  expect(await next()).toEqual([path('lib')]);
  write('lib/b.js');
  expect(await next()).toEqual([path('lib/b.js')]);
});

it('reports a single file, also when it is replaced, but not its neighbours', async () => {
  const { write, next, path } = watchedFolder({ 'layer.zip': '', 'other.zip': '' }, 'layer.zip');
  write('other.zip');
  write('new.zip');
  renameSync(path('new.zip'), path('layer.zip'));
  expect(await next()).toEqual([path('layer.zip')]);
});

it('does not report dependencies', async () => {
  const { write, next, path } = watchedFolder({ 'node_modules/x/i.js': '', 'a.js': '' }, '.');
  write('node_modules/x/i.js');
  write('a.js');
  expect(await next()).toEqual([path('a.js')]);
});

it('reports changes that come together at once', async () => {
  const { write, next, path } = watchedFolder({ 'a.js': '', 'b.js': '', 'c.js': '' }, '.');
  for (const name of ['a.js', 'b.js', 'c.js']) write(name);
  expect(await next()).toEqual(['a.js', 'b.js', 'c.js'].map(path));
});
