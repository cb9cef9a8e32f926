import { dirname, extname, posix, resolve, sep } from 'node:path';
import type { Declarations, FunctionDeclaration } from '@async-http/emulator';
import { parseHandlerName } from './handler-name.ts';
import { findLoaded, findSource } from './module-file.ts';

/**
 * The modules that the tool builds for a function, with their sources; the others are not deployed.
 *
 * @returns undefined when files are deployed unchanged.
 */
export function builtModules(
  declaration: FunctionDeclaration,
  { tool, functions }: Declarations,
): ReadonlyMap<string, string> | undefined {
  const { build, code, handler } = declaration;
  if (code === undefined || build.bundles === 'nothing' || build.bundles === 'unknown') {
    return undefined;
  }
  if (build.bundles === 'typescript' && !isTypeScript(declaration)) {
    // Its own handler is in the layer or in JavaScript; a source that another function builds is packaged with it.
    const built = handlersOf(functions.filter(isTypeScript));
    return built.size > 0 && handler?.startsWith('/') ? built : undefined;
  }
  return tool === 'sam' ? entriesOf(declaration, code) : handlersOf(functions);
}

function isTypeScript({ code, handler }: FunctionDeclaration): boolean {
  if (code === undefined || handler === undefined || handler.startsWith('/')) return false;
  const { module } = parseHandlerName(handler);
  return findLoaded(code, module) === undefined && findSource(code, module) !== undefined;
}

/** One package has the bundles of all functions. */
function handlersOf(functions: readonly FunctionDeclaration[]): Map<string, string> {
  return new Map(
    functions.flatMap(({ code, handler }) => {
      if (code === undefined || handler === undefined || handler.startsWith('/')) return [];
      const { module } = parseHandlerName(handler);
      const file = findSource(code, module) ?? findLoaded(code, module);
      return file === undefined ? [] : [[module, file] as const];
    }),
  );
}

/** esbuild keeps the folders of its entry points below the one that they have in common. */
function entriesOf({ build }: FunctionDeclaration, code: string): Map<string, string> {
  const paths = build.entryPoints.map((path) => posix.normalize(path.split(sep).join('/')));
  const [first = '', ...rest] = paths.map((path) => dirname(path));
  const common = rest.reduce(commonFolder, first);
  return new Map(
    paths.map((path) => {
      const module = posix.relative(common, path);
      return [module.slice(0, -extname(module).length), resolve(code, path)];
    }),
  );
}

function commonFolder(one: string, other: string): string {
  const parts = one.split('/');
  const others = other.split('/');
  const different = parts.findIndex((part, index) => part !== others[index]);
  return parts.slice(0, different === -1 ? parts.length : different).join('/') || '.';
}
