import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from 'tsup';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

/** From the folder of a package, in which it is built. */
const OWN = '../../LICENSE';

/** Writes our licence, and those of all packages that a build bundles, each text once, beside what it builds. */
export const licenses: EsbuildPlugin = {
  name: 'licenses',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(({ metafile }) => {
      const bundled = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
        Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput ? path : [])),
      );
      const folders = new Set(bundled.flatMap((path) => packageFolder(path) ?? []));
      const { outdir = '' } = initialOptions;
      mkdirSync(outdir, { recursive: true });
      writeFileSync(join(outdir, 'LICENSES.txt'), format([...folders].map(readPackage)));
    });
  },
};

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text of its licence and notice files. */
  readonly text: string;
}

function packageFolder(path: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const legal = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|notice)(?:\.|$)/i.test(file))
    .sort();
  if (legal.length === 0 && !license) {
    throw new Error(`${name}@${version} has neither a licence file nor a license field`);
  }
  const text = legal.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  return { name, version, license, text };
}

function format(packages: readonly Package[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, version, license, text } of packages) {
    const key = text || license;
    byText.set(key, [...(byText.get(key) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => ({ names: names.sort(), text }));
  parts.sort((a, b) => ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1));
  return [
    `async-http (MIT)\n\n${readFileSync(OWN, 'utf8').trim()}`,
    'The files beside this one also contain code of these packages.',
    ...parts.map(({ names, text }) => `${names.join('\n')}\n\n${text}`),
  ]
    .join(`\n\n${'-'.repeat(80)}\n\n`)
    .concat('\n');
}
