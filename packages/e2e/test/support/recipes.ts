import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WhenOver } from './shared.ts';

const PAGE = join(import.meta.dirname, '../../../../docs/infrastructure.md');
const PACKAGES = join(import.meta.dirname, '../../node_modules');

/** A code block of the page. Its first line is a comment with the name of the file. */
interface RecipeFile {
  readonly name: string;
  readonly text: string;
}

/** The code that all recipes have in common. */
export function commonFile(): RecipeFile {
  const [file] = filesIn(/^# Infrastructure recipes\n(.*?)^## /ms.exec(wholePage())?.[1] ?? '');
  if (!file) throw new Error('docs/infrastructure.md has no common file');
  return file;
}

/** The files under one heading of docs/infrastructure.md. */
export function recipe(heading: string): readonly RecipeFile[] {
  const files = filesIn(sectionOf(heading));
  if (files.length === 0) throw new Error(`docs/infrastructure.md has no recipe "${heading}"`);
  return files;
}

/**
 * Copies a recipe as a reader does, with this workspace's packages in the place of `npm install`.
 *
 * @returns the folder of the project
 */
export function copyRecipe(heading: string, whenOver: WhenOver = onTestFinished): string {
  return writeProject([commonFile(), ...recipe(heading)], whenOver);
}

/** Writes files into a new folder, with this workspace's packages instead of `npm install`. */
export function writeProject(
  files: readonly RecipeFile[],
  whenOver: WhenOver = onTestFinished,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  whenOver(() => rmSync(folder, { recursive: true }));
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A line of a shell block under a heading, for what a reader does once. */
export function setUpCommand(heading: string, pattern: RegExp): string {
  const [command] = pattern.exec(sectionOf(heading)) ?? [];
  if (command === undefined) throw new Error(`docs/infrastructure.md has no ${pattern}`);
  return command;
}

function sectionOf(heading: string): string {
  const [, afterHeading = ''] = wholePage().split(new RegExp(`^#{2,3} ${heading}$`, 'm'));
  return afterHeading.split(/^#{2,3} /m)[0] ?? '';
}

export function wholePage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** The files that a page shows, each a code block whose first line is a comment with its name. */
export function filesIn(markdown: string): RecipeFile[] {
  const blocks = markdown.matchAll(/^```\w+\n((?:#|\/\/) (\S+\.\w+|Dockerfile)\n.*?)^```$/gms);
  return [...blocks].map(([, text = '', name = '']) => ({ name, text }));
}
