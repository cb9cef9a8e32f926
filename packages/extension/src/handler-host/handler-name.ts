import { basename } from 'node:path';
import { RuntimeError } from './errors.ts';

/** A handler string, taken apart as Lambda does: `root/module.export.path`. */
export interface HandlerName {
  /** Up to the last path segment; relative to the task root, unless absolute. */
  readonly root: string;
  readonly module: string;
  /** Undefined in the short form `path/to/module`: what the module itself exports. */
  readonly exportPath: string | undefined;
}

/** @throws {RuntimeError} `Runtime.MalformedHandlerName`. */
export function parseHandlerName(handler: string): HandlerName {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = basename(handler);
  if (name === '') throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const root = handler.slice(0, handler.indexOf(name));
  // The first dot of the last segment ends the module's name; the export may itself be a path.
  const dot = name.indexOf('.');
  if (dot === -1) return { root, module: name, exportPath: undefined };
  return { root, module: name.slice(0, dot), exportPath: name.slice(dot + 1) };
}
