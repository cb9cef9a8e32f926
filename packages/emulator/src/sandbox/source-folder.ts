import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isZip } from '../function-config.ts';

/** Folders of an environment that hide the machine's own. */
const HIDING = ['/opt', '/tmp', '/var'];

/** What `/var/task` was made from, in the machine's tree. */
export interface SourceFolder {
  /** Modules that are not in `/var/task`, and links that lead out of it, are looked up from here. */
  readonly path: string;
  /** The function is a bundle, with source maps. */
  readonly isBundled: boolean;
  /** Modules may lie outside the code folder: in that of a workspace, or beside a bundle. */
  readonly reachesOut: boolean;
  /** Folder that an environment must show at its own path, because it would hide it otherwise. */
  readonly hidden: string | undefined;
}

export async function sourceFolder(code: string, isBundled: boolean): Promise<SourceFolder> {
  // A deployment package is complete.
  if (isZip(code)) return { path: code, isBundled, reachesOut: false, hidden: undefined };
  const path = await realpath(code);
  const workspace = workspaceOf(path);
  const reachesOut = isBundled || workspace !== path;
  const isHidden = HIDING.some((folder) => workspace.startsWith(`${folder}/`));
  return { path, isBundled, reachesOut, hidden: reachesOut && isHidden ? workspace : undefined };
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

/** Tells `preload.cjs` where modules are that `/var/task` does not have. */
export const sourceVariables = ({ path, reachesOut }: SourceFolder, task: string) =>
  reachesOut ? { _EMULATOR_SOURCES: JSON.stringify([task, path]) } : {};

const SOURCE_MAPS = '--enable-source-maps';

export const sourceFlags = ({ isBundled }: SourceFolder): string[] =>
  isBundled ? [SOURCE_MAPS] : [];
