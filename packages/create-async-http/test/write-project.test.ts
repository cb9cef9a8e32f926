import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeProject } from '../src/write-project.ts';

const FILES = new Map([
  ['package.json', '{}'],
  ['src/report.ts', 'export {};'],
]);

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-async-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('makes the folder, and those that it is in', () => {
  const folder = join(emptyFolder(), 'apps/mine');
  writeProject(folder, FILES);
  expect(readFileSync(join(folder, 'src/report.ts'), 'utf8')).toBe('export {};');
});

it('takes a repository without a file for an empty folder', () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, '.git'));
  writeProject(folder, FILES);
  expect(readdirSync(folder).sort()).toEqual(['.git', 'package.json', 'src']);
});

it('refuses a folder that is not empty, and leaves it alone', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  expect(() => writeProject(folder, FILES)).toThrow(
    expect.objectContaining({
      code: 'ASYNC_HTTP_CREATE_FOLDER_NOT_EMPTY',
      message: expect.stringContaining('it has notes.txt. Nothing was written.'),
    }),
  );
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

it('refuses a file in the place of the folder', () => {
  const file = join(emptyFolder(), 'notes.txt');
  writeFileSync(file, 'mine');
  for (const folder of [file, join(file, 'app')]) {
    expect(() => writeProject(folder, FILES)).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_CREATE_FOLDER_UNUSABLE' }),
    );
  }
});

it.each(['new', '.'])('leaves nothing in the folder %s when a file cannot be written', (name) => {
  const parent = emptyFolder();
  const folder = join(parent, name);
  const files = new Map([...FILES, [`src/${'x'.repeat(300)}`, '']]);
  expect(() => writeProject(folder, files)).toThrow(
    expect.objectContaining({ code: 'ASYNC_HTTP_CREATE_FOLDER_UNUSABLE' }),
  );
  expect(existsSync(parent)).toBe(true);
  expect(readdirSync(parent)).toEqual([]);
});
