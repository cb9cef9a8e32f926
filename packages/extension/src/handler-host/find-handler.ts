import { RuntimeError } from './errors.ts';
import type { HandlerName } from './handler-name.ts';
import type { LoadRules } from './load-module.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

/**
 * Finds the handler in a loaded module as Lambda's runtime does, and in the short form
 * `path/to/module` (`module.exports = fn` or `export default`).
 *
 * @throws {RuntimeError} `Runtime.HandlerNotFound`.
 */
export function findHandler(
  module: unknown,
  { exportPath }: HandlerName,
  handler: string,
  rules: LoadRules,
): Handler {
  if (exportPath === undefined) return findMainExport(module, handler);
  const found =
    rules === 'import-first'
      ? inObjects(module, exportPath) || inObjects(defaultOf(module), exportPath)
      : inAnything(module, exportPath);
  if (!found) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  }
  return found as Handler;
}

/** The namespace of an imported CommonJS module that was compiled from ESM nests its default export once more. */
function findMainExport(module: unknown, handler: string): Handler {
  const candidates = [module, defaultOf(module), defaultOf(defaultOf(module))];
  const found = candidates.find((candidate) => typeof candidate === 'function');
  if (found === undefined) {
    throw new RuntimeError(
      'Runtime.HandlerNotFound',
      `${handler} does not export a function: write 'module.exports = …' or 'export default …' there, ` +
        `or name the export, like '${handler}.handler'`,
    );
  }
  return found as Handler;
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module
    ? module.default
    : undefined;
}

type Bag = Record<string, unknown>;

/** Node.js 24 and later: functions are not looked into. */
function inObjects(module: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value && typeof value === 'object' ? (value as Bag)[key] : undefined),
      module,
    );
}

function inAnything(module: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => value && (value as Bag)[key], module);
}
