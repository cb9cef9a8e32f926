import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaultBundling, type ProjectBundling } from '../bundlers.ts';
import { isRecord } from '../record.ts';
import type { Section } from '../section.ts';

/** What `sam build` would do with a function. */
export interface SamBuild {
  readonly bundling: ProjectBundling;
  readonly entryPoints: readonly string[];
}

/** Reads the `Metadata` of a function. @param code folder that `sam build` runs esbuild in. */
export function readSamBuild(resource: Section, code: string): SamBuild {
  const metadata = resource.section('Metadata');
  if (metadata.string('BuildMethod') !== 'esbuild' || isBuildFolder(dirname(code))) {
    return { bundling: defaultBundling(code), entryPoints: [] };
  }
  const properties = metadata.section('BuildProperties');
  const options: Record<string, unknown> = { format: 'cjs' };
  for (const key of properties.keys()) {
    const name = key.charAt(0).toLowerCase() + key.slice(1);
    // What SAM's esbuild leaves out is not packaged either.
    options[name === 'external' ? 'exclude' : name] = readOption(name, properties.get(key));
  }
  return {
    bundling: { folder: code, options, isExplicit: true, bundlesJavaScript: true },
    entryPoints: properties.list('EntryPoints').map(String),
  };
}

const LISTS = ['conditions', 'external', 'inject', 'mainFields', 'target'];
const MAPS = ['alias', 'banner', 'define', 'footer', 'loader'];

/** SAM writes maps as lists of `key=value`, and lists also as text with commas. */
function readOption(name: string, value: unknown): unknown {
  if (LISTS.includes(name) && typeof value === 'string') {
    return value.split(',').map((item) => item.trim());
  }
  if (MAPS.includes(name) && !isRecord(value)) {
    const pairs = (Array.isArray(value) ? value : [value]).map(String);
    return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2)));
  }
  return value;
}

/**
 * The folder in which `sam build` has left a resource, if nothing of it has changed since.
 *
 * @param sources its `CodeUri` or `ContentUri`.
 */
export function freshBuild(folder: string, resource: string, sources: string): string | undefined {
  const build = join(folder, '.aws-sam', 'build');
  const builtAt = modifiedAt(join(build, 'template.yaml'));
  const built = join(build, resource);
  if (builtAt === 0 || !existsSync(built)) return undefined;
  return newest(sources) <= builtAt ? built : undefined;
}

/** The template is that of a build: nothing is to be built again. */
const isBuildFolder = (folder: string) =>
  basename(folder) === 'build' && basename(dirname(folder)) === '.aws-sam';

const NO_SOURCES = new Set(['.aws-sam', '.git', 'node_modules']);

function newest(path: string): number {
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    ({ name }) => !NO_SOURCES.has(name),
  );
  return Math.max(
    0,
    ...entries.map((entry) => {
      const inner = join(path, entry.name);
      return entry.isDirectory() ? newest(inner) : modifiedAt(inner);
    }),
  );
}

const modifiedAt = (file: string): number =>
  statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
