import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import type { BundleEntry } from '../bundle/bundling.ts';
import { HandlerNotFoundError, type Place } from './errors.ts';

const LOADED = ['', '.js', '.mjs', '.cjs'];
const SOURCES = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];

export interface HandlerSearch {
  readonly functionName: string;
  readonly handler: string;
  /** Folder that becomes `/var/task`. */
  readonly code: string;
  readonly hasLayers: boolean;
  /** The project's tool bundles JavaScript too. */
  readonly bundlesJavaScript: boolean;
  /** Sources that the project file names, relative to `code`, when they are elsewhere than the handler. */
  readonly entryPoints?: readonly string[];
  readonly place: Place;
}

/**
 * Finds a handler's file before the first request.
 *
 * @returns what has to be bundled; undefined when the runtime loads the file itself.
 * @throws code `ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND`.
 */
export function findHandlerFile(search: HandlerSearch): BundleEntry | undefined {
  const found = look(search);
  if ('problem' in found) throw new HandlerNotFoundError(search.place, { ...search, ...found });
  return found.entry;
}

/** The same for the handler in a variable: whoever reads that reports a missing file. */
export function findNamedHandlerFile(
  search: Omit<HandlerSearch, 'place'>,
): BundleEntry | undefined {
  const found = look(search);
  return 'problem' in found ? undefined : found.entry;
}

/** Whether a folder has the file of a handler. */
export const hasHandlerFile = (handler: string, code: string): boolean =>
  !(
    'problem' in
    look({ functionName: '', handler, code, hasLayers: false, bundlesJavaScript: false })
  );

// The rules are those of AWS's runtime client (aws-lambda-ric): the module ends at the first dot of the
// last path segment; an absolute handler (/opt/proxy.handler) is in a layer, a relative one is a file
// of the code folder or a package.
function look({
  handler,
  code,
  hasLayers,
  bundlesJavaScript,
  entryPoints = [],
}: Omit<HandlerSearch, 'place'>): { problem: string } | { entry: BundleEntry | undefined } {
  const base = basename(handler);
  const name = /^([^.]+)\../.exec(base)?.[1];
  if (name === undefined || handler.includes('..')) {
    return { problem: 'it must look like path/to/module.export, without "..".' };
  }
  const module = join(handler.slice(0, handler.indexOf(base)), name);
  if (isAbsolute(module)) {
    return module.startsWith('/opt/') && !hasLayers
      ? { problem: 'it is in a layer, but the function has none. Add the layer to the function.' }
      : { entry: undefined };
  }
  const file = resolve(code, module);
  const existing = (extensions: readonly string[]) =>
    extensions.map((extension) => file + extension).find((path) => isFile(path));
  const script = existing(LOADED);
  if (script !== undefined && !bundlesJavaScript) return { entry: undefined };
  const source = existing(SOURCES) ?? findEntryPoint(entryPoints, code, module) ?? script;
  if (source !== undefined) return { entry: { source, module } };
  // What becomes of a folder of this name, the runtime decides.
  return existsSync(file) || isPackage(code, module)
    ? { entry: undefined }
    : {
        problem: `there is no ${file} with the extension ${[...LOADED.slice(1), ...SOURCES].join(', ')}. Correct the handler, or build the code first.`,
      };
}

/** The entry point that the module is built from: `src/app.ts` for `app`, as SAM puts it at the root. */
function findEntryPoint(
  entryPoints: readonly string[],
  code: string,
  module: string,
): string | undefined {
  return entryPoints
    .filter((path) => basename(path, extname(path)) === basename(module))
    .map((path) => resolve(code, path))
    .find((path) => isFile(path));
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isPackage(code: string, module: string): boolean {
  try {
    createRequire(join(code, 'index.js')).resolve(module);
    return true;
  } catch {
    return false;
  }
}
