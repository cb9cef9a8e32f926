import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LocalLayer } from '../layers.ts';
import type { Section } from '../section.ts';
import type { Warnings } from '../warnings.ts';
import { freshBuild } from './build.ts';

interface SamLayerContext {
  readonly folder: string;
  /** `ContentUri`, not in S3. */
  readonly content: string;
  readonly warnings: Warnings;
  readonly onSources: (folder: string) => void;
}

/** Where a layer's content is: as `sam build` has left it, or where that would take it from. */
export function readSamLayer(
  name: string,
  resource: Section,
  { folder, content, warnings, onSources }: SamLayerContext,
): Pick<LocalLayer, 'path' | 'at'> {
  const path = resolve(folder, content);
  const method = resource.section('Metadata').string('BuildMethod');
  if (method === undefined || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return { path };
  }
  const built = freshBuild(folder, name, path);
  if (built) {
    onSources(path);
    return { path: built };
  }
  if (!method.startsWith('nodejs')) {
    warnings.add(
      `The layer ${name} is built by ${method}: run sam build. Until then it is used unchanged.`,
      resource.place('Metadata'),
    );
    return { path };
  }
  if (wantsPackages(path) && !existsSync(join(path, 'node_modules'))) {
    warnings.add(
      `The packages of layer ${name} are not installed: run npm install in ${path}, or sam build.`,
      resource.place(),
    );
  }
  return { path, at: 'nodejs' };
}

function wantsPackages(folder: string): boolean {
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object.keys(dependencies).length > 0;
  } catch {
    return false;
  }
}
