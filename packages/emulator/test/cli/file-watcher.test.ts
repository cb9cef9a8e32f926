import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileWatcher } from '../../src/cli/file-watcher.ts';
import { projectFolder } from '../project/project-folder.ts';

/** Watches paths of a new folder; `next()` are the next files that are reported. */
async function watchedFolder(
  files: Record<string, string>,
  paths: readonly string[] = ['.'],
  used: readonly string[] = [],
) {
  const folder = projectFolder({ '.git/HEAD': '', ...files });
  const seen: string[][] = [];
  const inFolder = (path: string) => join(folder, path);
  const watcher = await FileWatcher.start(
    { paths: paths.map(inFolder), used: used.map(inFolder) },
    (changed) => seen.push([...changed]),
  );
  onTestFinished(() => watcher.close());
  return {
    write: (name: string) => writeFileSync(inFolder(name), 'new'),
    path: inFolder,
    next: async () => {
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(0);
      return seen.shift()?.sort();
    },
  };
}

it('reports a file in a folder, however deep', async () => {
  const { write, next, path } = await watchedFolder({ 'src/deep/a.js': '' });
  write('src/deep/a.js');
  expect(await next()).toEqual([path('src/deep/a.js')]);
});

it('reports files of folders that are new', async () => {
  const { write, next, path } = await watchedFolder({ 'a.js': '' });
  mkdirSync(path('lib'));
  write('lib/b.js');
  expect(await next()).toEqual([path('lib/b.js')]);
});

it('reports a single file, also when it is replaced, but not its neighbours', async () => {
  const { write, next, path } = await watchedFolder({ 'layer.zip': '', 'other.zip': '' }, [
    'layer.zip',
  ]);
  write('other.zip');
  write('new.zip');
  renameSync(path('new.zip'), path('layer.zip'));
  expect(await next()).toEqual([path('layer.zip')]);
});

it('reports a file that becomes empty, and one that goes', async () => {
  const { next, path } = await watchedFolder({ 'a.js': 'a', 'b.js': 'b' });
  writeFileSync(path('a.js'), '');
  rmSync(path('b.js'));
  expect(await next()).toEqual(['a.js', 'b.js'].map(path));
});

it('reports changes that come together at once', async () => {
  const { write, next, path } = await watchedFolder({ 'a.js': '', 'b.js': '', 'c.js': '' });
  for (const name of ['a.js', 'b.js', 'c.js']) write(name);
  expect(await next()).toEqual(['a.js', 'b.js', 'c.js'].map(path));
});

it('reports a file again that changes right after it was reported', async () => {
  const { write, next, path } = await watchedFolder({ 'a.js': '' });
  write('a.js');
  await next();
  write('a.js');
  expect(await next()).toEqual([path('a.js')]);
});

describe('what is not code is not reported:', () => {
  it.each([
    ['dependencies', 'node_modules/x/index.js'],
    ['what tools write', '.aws-sam/build/a.js'],
    ['coverage', 'coverage/lcov.info'],
    ['logs', 'out/dev.log'],
    ['documents about the code', 'README.md'],
    ['copies that editors make', 'a.js~'],
    ['what .gitignore names', 'generated/a.js'],
    ['what a .gitignore further down names', 'src/data.json'],
  ])('%s', async (_, ignored) => {
    const { write, next, path } = await watchedFolder({
      '.gitignore': 'generated/',
      'src/.gitignore': 'data.json',
      'a.js': '',
      [ignored]: '',
    });
    write(ignored);
    write('a.js');
    expect(await next()).toEqual([path('a.js')]);
  });
});

describe('what .gitignore names is reported', () => {
  const FILES = { '.gitignore': 'dist/', 'dist/app.js': '' };

  it('when functions use it', async () => {
    const { write, next, path } = await watchedFolder(FILES, ['.'], ['dist/app.js']);
    write('dist/app.js');
    expect(await next()).toEqual([path('dist/app.js')]);
  });

  it('when it is the folder that is watched', async () => {
    const { write, next, path } = await watchedFolder(FILES, ['dist']);
    write('dist/app.js');
    expect(await next()).toEqual([path('dist/app.js')]);
  });

  it('when a .gitignore further down takes it back', async () => {
    const { write, next, path } = await watchedFolder({
      '.gitignore': '*.json',
      'src/.gitignore': '!data.json',
      'src/data.json': '',
    });
    write('src/data.json');
    expect(await next()).toEqual([path('src/data.json')]);
  });
});
