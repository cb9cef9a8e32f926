import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.ts';
import type { HandlerName } from './handler-name.ts';
import { syntaxPlace } from './syntax-place.ts';

/**
 * Which of the two sets of rules Lambda's runtime follows: `require` first up to Node.js 22,
 * `import()` from Node.js 24 on, and on Lambda Managed Instances.
 */
export type LoadRules = 'require-first' | 'import-first';

const require = createRequire(process.argv[1] ?? '/');

/**
 * Loads the module of a handler, from the same file and by the same mechanism as Lambda's runtime.
 *
 * @returns its exports or its namespace.
 * @throws {RuntimeError} `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`; whatever else the module throws is passed on unchanged.
 */
export async function loadModule(
  taskRoot: string,
  { root, module }: HandlerName,
  rules: LoadRules,
): Promise<unknown> {
  const path = resolve(taskRoot, root, module);
  try {
    const loaded =
      rules === 'import-first'
        ? await importFirstOf([path, `${path}.js`, `${path}.mjs`, `${path}.cjs`])
        : requireFile(path) ||
          (await loadJs(`${path}.js`)) ||
          (await importFirstOf([`${path}.mjs`])) ||
          requireFile(`${path}.cjs`);
    return loaded || requirePackage(module, [taskRoot, resolve(taskRoot, root)], path);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw syntaxErrorOf(error, [`${path}.js`, `${path}.mjs`, `${path}.cjs`]);
    }
    if (isNotFound(error)) {
      throw new RuntimeError('Runtime.ImportModuleError', String(error), { cause: error });
    }
    throw error;
  }
}

async function importFirstOf(paths: readonly string[]): Promise<unknown> {
  for (const path of paths) {
    if (existsSync(path)) return import(pathToFileURL(path).href);
  }
  return undefined;
}

function requireFile(path: string): unknown {
  return existsSync(path) ? require(path) : undefined;
}

async function loadJs(path: string): Promise<unknown> {
  if (!existsSync(path)) return undefined;
  return isEsModuleFolder(dirname(path)) ? import(pathToFileURL(path).href) : require(path);
}

function requirePackage(module: string, paths: string[], file: string): unknown {
  let resolved: string;
  try {
    resolved = require.resolve(module, { paths });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // Node.js would name this program as the one that asks, which helps nobody.
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${module}': there is no ${file}.js, .mjs or .cjs, and no package of that name`,
    );
  }
  return require(resolved);
}

function syntaxErrorOf(error: SyntaxError, paths: readonly string[]): RuntimeError {
  const userCodeError = new RuntimeError('Runtime.UserCodeSyntaxError', String(error), {
    cause: error,
  });
  // The stack of an error in CommonJS begins with its place.
  if (error.stack?.startsWith(error.name)) {
    const place = syntaxPlace(paths);
    if (place !== undefined) userCodeError.stack = `${place}\n${error.stack}`;
  }
  return userCodeError;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}

/** Whether the nearest `package.json` says `"type": "module"`; an unreadable one does not. */
function isEsModuleFolder(folder: string): boolean {
  if (folder.endsWith('/node_modules')) return false;
  const path = join(folder, 'package.json');
  if (existsSync(path)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (manifest) return (manifest as { type?: unknown }).type === 'module';
    } catch {
      return false;
    }
  }
  return folder !== '/' && isEsModuleFolder(dirname(folder));
}
