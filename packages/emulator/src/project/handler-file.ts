import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { HandlerNotFoundError, type Place } from './errors.ts';

const LOADED = ['', '.js', '.mjs', '.cjs'];
const SOURCES = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];

export interface HandlerCheck {
  readonly functionName: string;
  readonly handler: string;
  /** Folder that becomes `/var/task`. */
  readonly code: string;
  readonly hasLayers: boolean;
  readonly place: Place;
}

/**
 * Finds out before the first request that a handler's file is missing.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND`.
 */
export function checkHandlerFile(check: HandlerCheck): void {
  const problem = findProblem(check);
  if (problem) throw new HandlerNotFoundError(check.place, { ...check, problem });
}

// The rules are those of AWS's runtime client (aws-lambda-ric): the module ends at the first dot of the
// last path segment; an absolute handler (/opt/proxy.handler) is in a layer, a relative one is a file
// of the code folder or a package.
function findProblem({ handler, code, hasLayers }: HandlerCheck): string | undefined {
  const base = basename(handler);
  const module = /^([^.]+)\../.exec(base)?.[1];
  if (module === undefined || handler.includes('..')) {
    return 'it must look like path/to/module.export, without "..".';
  }
  const path = join(handler.slice(0, handler.indexOf(base)), module);
  if (isAbsolute(path)) {
    return path.startsWith('/opt/') && !hasLayers
      ? 'it is in a layer, but the function has none. Add the layer to the function.'
      : undefined;
  }
  const file = resolve(code, path);
  if (LOADED.some((extension) => existsSync(file + extension)) || isPackage(code, path)) {
    return undefined;
  }
  const source = SOURCES.find((extension) => existsSync(file + extension));
  return source
    ? `Lambda does not run ${file}${source}. Compile it first, and point the handler at the JavaScript.`
    : `there is no ${file}.js, .mjs or .cjs. Correct the handler, or build the code first.`;
}

function isPackage(code: string, module: string): boolean {
  try {
    createRequire(join(code, 'index.js')).resolve(module);
    return true;
  } catch {
    return false;
  }
}
