import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodeUnusableError } from '../errors.ts';
import { type FunctionConfig, isZip } from '../function-config.ts';
import { cachedLayers } from '../layers/layer-cache.ts';
import { mergeLayers } from '../layers/merge-layers.ts';
import { unzip } from '../layers/unzip.ts';
import { runtimeFolder } from '../runtime-folder.ts';
import { makeMountPoint, type SourceFolder, sourceFolder } from './source-folder.ts';

/** What all environments of a function share, prepared once. Paths of the machine's own tree. */
export interface FunctionFolders {
  /** The layers, merged. */
  readonly opt: string;
  readonly task: string;
  readonly sources: SourceFolder;
  readonly runtime: string;
  /** The Node.js program. */
  readonly node: string;
  /** Becomes `/var`, with the mount points for the three below it. */
  readonly var: string;
}

/** @param build puts what becomes `/var/task` into a folder; without it that is the code folder itself. */
export async function prepareFolders(
  config: FunctionConfig,
  node: string,
  workFolder: string,
  build?: (target: string) => Promise<void>,
): Promise<FunctionFolders> {
  const { codeFolder, inlineCode } = config;
  const isMade = build !== undefined || inlineCode !== undefined || isZip(codeFolder);
  const sources = await sourceFolder(config, build !== undefined);
  const folders: FunctionFolders = {
    opt: await prepareLayers(config, sources, join(workFolder, 'opt')),
    task: isMade ? join(workFolder, 'task') : codeFolder,
    sources,
    runtime: await runtimeFolder(config.runtime, workFolder),
    node,
    var: join(workFolder, 'var'),
  };
  await Promise.all(
    ['task', 'runtime', 'lang/bin', 'lib', 'log', 'tmp'].map((folder) =>
      mkdir(join(folders.var, folder), { recursive: true }),
    ),
  );
  await writeFile(join(folders.var, 'lang/bin/node'), '');
  await makeMountPoint(folders.sources, { '/opt': folders.opt, '/var': folders.var });
  if (isMade) await mkdir(folders.task);
  if (inlineCode !== undefined) await writeFile(join(folders.task, 'index.js'), inlineCode);
  else if (build) await build(folders.task);
  else if (isZip(codeFolder)) await unpackCode(codeFolder, folders.task);
  return folders;
}

async function unpackCode(zip: string, target: string): Promise<void> {
  try {
    await unzip(zip, target);
  } catch (cause) {
    throw new CodeUnusableError(zip, cause);
  }
}

/** Where the layers are merged: in the cache, or in `own` when an environment changes that folder. */
async function prepareLayers(
  { layers }: FunctionConfig,
  { hidden }: SourceFolder,
  own: string,
): Promise<string> {
  const isChanged = hidden?.startsWith('/opt/') ?? false;
  const cached = layers.length > 0 && !isChanged ? await cachedLayers(layers) : undefined;
  if (cached === undefined) await mergeLayers(layers, own);
  return cached ?? own;
}
