import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { Message } from 'esbuild';
import { describe } from '../bundle/errors.ts';
import { ourEsbuild } from '../bundle/esbuild.ts';
import { ProjectNotFoundError, ProjectScriptError } from './errors.ts';
import { SCRIPT_EVALUATOR } from './script-evaluator.ts';
import type { YamlFile } from './yaml-file.ts';

const EXTENSIONS = ['.ts', '.js', '.mts', '.cts', '.mjs', '.cjs'];

export const isScript = (file: string): boolean => EXTENSIONS.includes(extname(file));

type Answer =
  | { readonly value: unknown; readonly inputs: readonly string[] }
  | { readonly errors: readonly Message[] }
  | { readonly stack: string };

interface Known {
  readonly changedAt: string;
  readonly content: YamlFile;
}

const known = new Map<string, Known>();

/**
 * What a JavaScript or TypeScript file exports by default, as plain data. It runs in a separate process, in
 * its folder: what it does to globals stays there, and `--watch` gets what is new of every file it imports.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`, `ASYNC_HTTP_EMULATOR_PROJECT_SCRIPT`.
 */
export function readScriptFile(file: string): YamlFile {
  if (!existsSync(file)) throw new ProjectNotFoundError({ file });
  const before = known.get(file);
  if (before && before.changedAt === changedAt(before.content.includes)) return before.content;
  const content = evaluate(file);
  known.set(file, { changedAt: changedAt(content.includes), content });
  return content;
}

function evaluate(file: string): YamlFile {
  const folder = dirname(file);
  // The project's esbuild may be too old for our options, and no tool reads this file with it.
  const { output, stderr } = spawnSync(
    process.execPath,
    ['--enable-source-maps', '-e', SCRIPT_EVALUATOR, ourEsbuild(), file],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8' },
  );
  const text = output?.[3];
  // It ended itself, or could not be started.
  if (!text) throw new ProjectScriptError(file, stderr?.trim() || 'it exported nothing.');
  const answer: Answer = JSON.parse(text);
  if ('stack' in answer) throw new ProjectScriptError(file, answer.stack);
  if ('errors' in answer) {
    throw new ProjectScriptError(file, answer.errors.map(describe).join('\n'));
  }
  return {
    file,
    value: answer.value,
    includes: answer.inputs,
    duplicates: [],
    lineOf: () => undefined,
  };
}

const changedAt = (files: readonly string[]): string =>
  files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join();
