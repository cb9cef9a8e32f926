import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { LayerInputMissingError } from './errors.ts';
import { exportedFiles, layerManifest, type PackageManifest } from './layer-manifest.ts';
import { LINKS } from './links.ts';

/** Everything a layer is made of, read into memory. */
export interface LayerInputs {
  /** The shell script that Lambda starts. */
  readonly entry: Uint8Array;
  /** The bundled extension and what it starts or loads later, by path, e.g. `handler-host.js`. */
  readonly extension: ReadonlyMap<string, Uint8Array>;
  /** The bundled `/opt/proxy.js`. */
  readonly proxy: Uint8Array;
  /** Packages that functions can import without installing them. */
  readonly packages: readonly LayerPackage[];
}

export interface LayerPackage {
  readonly manifest: PackageManifest;
  /** Contents by path inside the package, e.g. `dist/index.js`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the built files of the packages beside this one.
 *
 * They are found as Node.js finds packages, so it is the same in the monorepo and in a `node_modules`
 * folder.
 *
 * @throws {LayerInputMissingError} code `ASYNC_HTTP_LAYER_INPUT_MISSING`, when one is not built.
 */
export function readLayerInputs(): LayerInputs {
  const extension = packageFolder('@async-http/extension');
  const proxy = packageFolder('@async-http/proxy');
  const client = packageFolder('@async-http/client');
  return {
    entry: readInput(join(extension, 'src/launcher/async-http')),
    extension: readPrograms(join(extension, 'dist/layer'), [
      'extension.js',
      'handler-host.js',
      'store.js',
      'LICENSES.txt',
    ]),
    proxy: readInput(join(proxy, 'dist/layer/proxy.js')),
    packages: [readPackage(client), readPackage(proxy)],
  };
}

function packageFolder(name: string): string {
  // Of all paths inside a package, package.json is the one that exists before it is built.
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** The files that can be imported of a package in the layer. */
function readPackage(folder: string): LayerPackage {
  const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const paths = exportedFiles(layerManifest(manifest).exports);
  const contentOf = (path: string) => {
    const link = LINKS.get(path);
    return link === undefined ? readInput(join(folder, path)) : Buffer.from(link);
  };
  return { manifest, files: new Map(paths.map((path) => [path, contentOf(path)])) };
}

/** Reads the JavaScript files below a folder, and their licenses; types and source maps are for build machines. */
function readPrograms(folder: string, required: readonly string[]): Map<string, Uint8Array> {
  const programs = new Map(required.map((path) => [path, readInput(join(folder, path))]));
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile() && /\.[cm]?js$|^LICENSES\.txt$/.test(file.name)) {
      const path = join(file.parentPath, file.name);
      programs.set(relative(folder, path).replaceAll(sep, '/'), readInput(path));
    }
  }
  return programs;
}

function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LayerInputMissingError({ path, cause });
  }
}
