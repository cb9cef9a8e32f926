import { join, sep } from 'node:path';
import type { Bundler } from '../bundle/bundler.ts';
import type { Layer } from '../lambda-types.ts';
import type { FunctionDefinition, Project } from '../project/project.ts';
import type { WatchedPaths } from './file-watcher.ts';

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** Files and folders that a project consists of. */
export function watchedPaths({ files, functions, app }: Project, bundler: Bundler): WatchedPaths {
  // What the app has written is new when the app has been run anew.
  const isOutput = (path: string) => app !== undefined && isIn(app.output, path);
  const unique = (paths: readonly string[]) =>
    [...new Set(paths)].filter((path) => !isOutput(path));
  return {
    paths: unique([
      ...functions.flatMap(({ code, layers }) => [code, ...layers.map(pathOf)]),
      ...(app ? [app.folder] : []),
    ]),
    used: unique([
      ...files,
      ...functions.flatMap((definition) => [
        ...bundler.sourcesOf(definition),
        ...handlerFolder(definition),
      ]),
    ]),
    except: app ? [app.output] : [],
  };
}

/** Where a handler that is not bundled is: `dist` of `dist/app.handler`, also when git ignores it. */
function handlerFolder({ code, handler, bundle }: FunctionDefinition): string[] {
  const [folder = '', ...more] = handler.split('/');
  return bundle || more.length === 0 || folder === '' ? [] : [join(code, folder)];
}

/** Whether a function may run otherwise after a change of this file, apart from what its bundle is made of. */
export function isCodeOf({ code, layers, bundle }: FunctionDefinition, file: string): boolean {
  if (layers.some((layer) => isIn(pathOf(layer), file))) return true;
  // A script that is not in the bundle is code of others; everything else the function may read.
  return isIn(code, file) && !(bundle && SCRIPT.test(file));
}

const pathOf = (layer: Layer) => (typeof layer === 'string' ? layer : layer.folder);

const isIn = (folder: string, file: string) => file === folder || file.startsWith(folder + sep);
