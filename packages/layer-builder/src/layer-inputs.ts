import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LayerInputMissingError } from './errors.ts';
import type { PackageManifest } from './layer-manifest.ts';

/** Everything a layer is made of, read into memory. */
export interface LayerInputs {
  /** The shell script that Lambda starts. */
  readonly entry: Uint8Array;
  /** The bundled extension. */
  readonly extension: Uint8Array;
  /** The bundled program of the handler process. */
  readonly handlerHost: Uint8Array;
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
    entry: readInput(fileURLToPath(new URL('../layer/extensions/async-http', import.meta.url))),
    extension: readInput(join(extension, 'dist/layer/extension.js')),
    handlerHost: readInput(join(extension, 'dist/layer/handler-host.js')),
    proxy: readInput(join(proxy, 'dist/layer/proxy.js')),
    packages: [readPackage(client), readPackage(proxy)],
  };
}

function packageFolder(name: string): string {
  // Of all paths inside a package, package.json is the one that exists before it is built.
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function readPackage(folder: string): LayerPackage {
  const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = new Map<string, Uint8Array>();
  for (const path of listProgramFiles(folder)) {
    files.set(path, readInput(join(folder, path)));
  }
  return { manifest, files };
}

/** Programs only: types and source maps are for the build machine, `dist/layer` is already in the layer. */
function listProgramFiles(folder: string): string[] {
  const dist = join(folder, 'dist');
  try {
    return readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && /\.[cm]?js$/.test(file.name))
      .map((file) => relative(folder, join(file.parentPath, file.name)).replaceAll(sep, '/'))
      .filter((path) => !path.startsWith('dist/layer/'));
  } catch (cause) {
    throw new LayerInputMissingError({ path: dist, cause });
  }
}

function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LayerInputMissingError({ path, cause });
  }
}
