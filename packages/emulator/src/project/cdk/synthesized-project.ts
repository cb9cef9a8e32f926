import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SynthesisError } from '../errors.ts';
import type { DeclaredProject, ReadProjectOptions } from '../project.ts';
import { type CdkApp, type CdkAppOptions, readCdkApp } from './app.ts';
import { CDK_MANIFEST } from './file-names.ts';
import { readCdk } from './read-cdk.ts';
import { synthesize } from './synthesize.ts';

export interface SynthesizeOptions
  extends CdkAppOptions,
    Pick<ReadProjectOptions, 'allowUnusable'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Called before the app is run, which takes seconds. */
  readonly onStart: (command: string) => void;
}

/**
 * Has an app of the CDK write its `cdk.out`, and reads that. Where the app cannot be run, what it wrote before
 * is read, with a warning.
 *
 * @param file `cdk.json`.
 * @throws codes `ASYNC_HTTP_EMULATOR_SYNTHESIS_FAILED`, and those of `readProject()`.
 */
export async function readSynthesizedProject(
  file: string,
  options: SynthesizeOptions,
): Promise<DeclaredProject> {
  const app = readCdkApp(file, options);
  const obstacle = await run(app, options);
  const manifest = join(app.output, CDK_MANIFEST);
  if (obstacle !== undefined && !existsSync(manifest)) {
    throw new SynthesisError(app.folder, { problem: obstacle });
  }
  const project = readCdk(manifest, options);
  if (obstacle === undefined) {
    const { folder, output, files } = app;
    return { ...project, file, files, app: { folder: rootOf(folder), output } };
  }
  const writtenAt = statSync(manifest).mtime.toLocaleString('sv');
  const warning = `The app is not synthesized, because ${obstacle}: ${app.output} is used as it was written at ${writtenAt}.`;
  return {
    ...project,
    warnings: [warning, ...project.warnings],
    files: [...app.files, ...project.files],
  };
}

async function run(
  app: CdkApp,
  { env, signal, onStart }: SynthesizeOptions,
): Promise<string | undefined> {
  const { command } = app;
  if (command === undefined) return 'cdk.json has no "app" with its command (or use --app)';
  onStart(command);
  return synthesize({ ...app, command }, { env, signal });
}

const LOCK_FILES = ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'bun.lock', 'bun.lockb'];

/** The folder with the lock file, in which the CDK looks for sources; the app's own without one. */
function rootOf(folder: string): string {
  for (let root = folder; root !== dirname(root); root = dirname(root)) {
    if (LOCK_FILES.some((name) => existsSync(join(root, name)))) return root;
  }
  return folder;
}
