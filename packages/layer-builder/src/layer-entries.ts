import { dirname } from 'node:path/posix';
import type { LayerEntry } from './layer-entry.ts';
import type { LayerInputs } from './layer-inputs.ts';
import { layerManifest } from './layer-manifest.ts';

/**
 * Lays the inputs out as they will lie under `/opt`, folders included, sorted by path.
 *
 * Modes are set here and never taken from the disk, so a umask or a Windows checkout cannot reach Lambda.
 * Lambda needs entry points executable and everything else readable by "others".
 *
 * @see Lambda layers, "Layer paths": https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function layerEntries(inputs: LayerInputs): readonly LayerEntry[] {
  const files = [
    { path: 'extensions/async-http', mode: 0o755, data: inputs.entry },
    ...[...inputs.extension].map(([path, data]) => file(`async-http/${path}`, data)),
    file('proxy.js', inputs.proxy),
    ...inputs.packages.flatMap(({ manifest, files }) => {
      const folder = `nodejs/node_modules/${manifest.name}`;
      const packageJson = `${JSON.stringify(layerManifest(manifest), null, 2)}\n`;
      return [
        file(`${folder}/package.json`, Buffer.from(packageJson)),
        ...[...files].map(([path, data]) => file(`${folder}/${path}`, data)),
      ];
    }),
  ];
  // Compared by code unit: localeCompare would sort by the language of the build machine.
  return [...folders(files), ...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function file(path: string, data: Uint8Array): LayerEntry {
  return { path, mode: 0o644, data };
}

function folders(files: readonly LayerEntry[]): LayerEntry[] {
  const paths = new Set<string>();
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      paths.add(`${folder}/`);
    }
  }
  return [...paths].map((path) => ({ path, mode: 0o755, data: new Uint8Array() }));
}
