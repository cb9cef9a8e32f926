import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionConfig } from '../function-config.ts';
import { mergeLayers } from '../layers/merge-layers.ts';
import { runtimeFolder } from '../runtime-folder.ts';

/** What all environments of a function share, prepared once. Paths of the machine's own tree. */
export interface FunctionFolders {
  /** The layers, merged. */
  readonly opt: string;
  readonly task: string;
  readonly runtime: string;
  /** The Node.js program. */
  readonly node: string;
  /** Becomes `/var`, with the mount points for the three below it. */
  readonly var: string;
  /** Becomes `/etc/hosts`: knows `sandbox.localdomain`, the host name of telemetry destinations. */
  readonly hosts: string;
}

export async function prepareFolders(
  config: FunctionConfig,
  node: string,
  workFolder: string,
): Promise<FunctionFolders> {
  const folders: FunctionFolders = {
    opt: join(workFolder, 'opt'),
    task: config.codeFolder,
    runtime: await runtimeFolder(config.runtime, workFolder),
    node,
    var: join(workFolder, 'var'),
    hosts: join(workFolder, 'hosts'),
  };
  await mergeLayers(config.layers, folders.opt);
  for (const folder of ['task', 'runtime', 'lang/bin', 'lib', 'log', 'tmp']) {
    await mkdir(join(folders.var, folder), { recursive: true });
  }
  await writeFile(join(folders.var, 'lang/bin/node'), '');
  const hosts = await readFile('/etc/hosts', 'utf8').catch(() => '127.0.0.1 localhost\n');
  await writeFile(folders.hosts, `127.0.0.1 sandbox.localdomain sandbox\n${hosts}`);
  return folders;
}
