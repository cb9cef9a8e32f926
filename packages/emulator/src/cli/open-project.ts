import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CDK_APP, CDK_MANIFEST } from '../project/cdk/file-names.ts';
import { readSynthesizedProject } from '../project/cdk/synthesized-project.ts';
import type { Project } from '../project/project.ts';
import { findProjectFile, readProject } from '../project/read-project.ts';
import type { ProjectArguments } from './arguments.ts';
import type { Context } from './terminal.ts';

/** Reads the project as it is now. */
export type ReadProject = () => Promise<Project>;

/**
 * Finds the project that a command is about.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`.
 */
export function openProject(
  { file: named = '.', app, context, stage }: ProjectArguments,
  { cwd, env, stopping }: Context,
  say: (line: string) => void,
): ReadProject {
  const path = resolve(cwd, named);
  // Like the CDK's CLI, --app takes a folder that an app has written, too.
  const written = app === undefined ? undefined : resolve(cwd, app);
  const file =
    written !== undefined && isFolder(written)
      ? join(written, CDK_MANIFEST)
      : app !== undefined
        ? join(isFolder(path) ? path : dirname(path), CDK_APP)
        : isFolder(path)
          ? findProjectFile(path)
          : path;
  if (basename(file) !== CDK_APP) {
    return async () => readProject(file, { env, ...(stage && { stage }) });
  }
  return () =>
    readSynthesizedProject(file, {
      command: app,
      context,
      env,
      signal: stopping,
      onStart: (command) => say(`Synthesizing the app: ${command}`),
    });
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
