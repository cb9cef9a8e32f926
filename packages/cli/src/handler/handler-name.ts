import { posix } from 'node:path';

/** A handler as Lambda takes it apart. */
export interface HandlerName {
  /** Path without its extension, relative to the code: `src/report`. */
  readonly module: string;
  /** Name of the export; undefined in the short form, which means the default export. */
  readonly exportName: string | undefined;
}

/** The module ends at the first dot of the last segment; of a path of exports, only the first name counts here. */
export function parseHandlerName(handler: string): HandlerName {
  const base = posix.basename(handler);
  const folder = handler.slice(0, handler.length - base.length);
  const [module = '', exportName] = base.split('.');
  return { module: posix.join(folder, module), exportName };
}
