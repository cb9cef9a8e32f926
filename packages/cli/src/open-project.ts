import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  type DeclaredProject,
  findProjectFile,
  readProject,
  readSynthesizedProject,
} from '@async-http/emulator';
import { NoProjectError } from './errors.ts';

export interface OpenOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stage: string | undefined;
  /** Called with what takes a while. */
  readonly onProgress: (line: string) => void;
}

/**
 * Reads the project at a path: a project file, or the folder of one.
 *
 * @throws {NoProjectError} code `ASYNC_HTTP_CHECK_NO_PROJECT`; and the errors of the emulator's `readProject()`.
 */
export async function openProject(
  path: string,
  { cwd, env, stage, onProgress }: OpenOptions,
): Promise<DeclaredProject> {
  const file = findFile(resolve(cwd, path));
  if (basename(file) !== 'cdk.json') {
    return readProject(file, { env, allowUnusable: true, ...(stage !== undefined && { stage }) });
  }
  return readSynthesizedProject(file, {
    env,
    signal: new AbortController().signal,
    allowUnusable: true,
    onStart: (command) => onProgress(`Synthesizing the app: ${command}`),
  });
}

function findFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new NoProjectError(`There is no file or folder ${path}`);
  if (!found.isDirectory()) return path;
  try {
    return findProjectFile(path);
  } catch (cause) {
    throw new NoProjectError(
      `The folder ${path} has no serverless.yml, template.yaml, cdk.json or other project file`,
      { cause },
    );
  }
}
