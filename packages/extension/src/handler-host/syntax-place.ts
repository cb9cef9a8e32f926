import { existsSync } from 'node:fs';

/**
 * Finds the place of a syntax error in the first of these files that exists. Node.js keeps it out of
 * the stack of errors in ES modules and shows it only at the end of the process, so another one has
 * to read the file, which takes some 30 ms.
 *
 * @returns `/path/to/file.mjs:line`; undefined if that file is in order.
 */
export function syntaxPlace(paths: readonly string[]): string | undefined {
  const file = paths.find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stderr } = process
    .getBuiltinModule('node:child_process')
    .spawnSync(process.execPath, ['--check', file], { env, encoding: 'utf8' });
  const firstLine = stderr.split('\n', 1)[0] ?? '';
  return /^(?:file:\/\/)?(\/.*:\d+)$/.exec(firstLine)?.[1];
}
