import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HANDLER_VARIABLES } from '../bundle/bundling.ts';
import { type FunctionConfig, isZip } from '../function-config.ts';

/** Folders of an environment that hide the machine's own. */
const HIDING = ['/opt', '/tmp', '/var'];

/** What `/var/task` was made from, in the machine's tree. */
export interface SourceFolder {
  /** Modules that are not in `/var/task` are looked up as if it were this folder; absent: it is complete. */
  readonly path?: string;
  /** Whether all modules are looked up there, or only packages that Lambda's runtime brings. */
  readonly scope: 'all' | 'runtime';
  /** The function is a bundle, with source maps. */
  readonly isBundled: boolean;
  /** Extensions load the function's code too, and are to find its modules. */
  readonly isSharedWithExtensions: boolean;
  /** Folder that an environment must show at its own path, because it would hide it otherwise. */
  readonly hidden?: string;
}

export async function sourceFolder(
  { codeFolder, inlineCode, environment }: FunctionConfig,
  isBundled: boolean,
): Promise<SourceFolder> {
  // What is deployed unchanged has all that it needs, except what the runtime provides.
  const isComplete = inlineCode !== undefined || isZip(codeFolder);
  const isSharedWithExtensions = HANDLER_VARIABLES.some((name) => name in environment);
  const scope = isComplete ? 'runtime' : 'all';
  const path = await realpath(isZip(codeFolder) ? dirname(codeFolder) : codeFolder);
  const workspace = workspaceOf(path);
  if (!isBundled && !isComplete && workspace === path) {
    return { scope: 'runtime', isBundled, isSharedWithExtensions };
  }
  const isHidden = HIDING.some((folder) => workspace.startsWith(`${folder}/`));
  return { path, scope, isBundled, isSharedWithExtensions, ...(isHidden && { hidden: workspace }) };
}

/** The highest folder above that has installed packages; the folder itself when there is none. */
function workspaceOf(folder: string): string {
  let found = folder;
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const isWorkspace = ['node_modules', 'pnpm-workspace.yaml'].some((name) =>
      existsSync(join(above, name)),
    );
    if (isWorkspace && !HIDING.includes(above)) found = above;
  }
  return found;
}

/** Makes the place where an environment shows the hidden folder, in what it has as `/opt`, `/tmp` or `/var`. */
export async function makeMountPoint(
  { hidden }: SourceFolder,
  folders: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [folder, real] of Object.entries(folders)) {
    if (hidden?.startsWith(`${folder}/`)) {
      await mkdir(join(real, hidden.slice(folder.length)), { recursive: true });
    }
  }
}

/** Tells `preload.cjs` where modules are that `/var/task` does not have; without it, it looks in there alone. */
export const sourceVariables = ({ path, scope }: SourceFolder, task: string) =>
  path === undefined ? {} : { _EMULATOR_SOURCES: JSON.stringify([task, path, scope]) };

export const sourceFlags = ({ isBundled }: SourceFolder): string[] =>
  isBundled ? ['--enable-source-maps'] : [];

/** The same for extensions, whose `NODE_OPTIONS` are the function's alone unless they load its code. */
export const extensionFlags = (sources: SourceFolder, runtime: string): string[] =>
  sources.isSharedWithExtensions && sources.path !== undefined
    ? [`--require="${runtime}/preload.cjs"`, ...sourceFlags(sources)]
    : [];
