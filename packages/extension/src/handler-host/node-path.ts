import { createRequire, registerHooks } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Lets `import` find packages in the folders of `NODE_PATH`, as Lambda's own Node.js does, so that
 * ES modules can use layers and the SDK that comes with the runtime. Node.js by itself searches these
 * folders for `require` only.
 *
 * @see "Node.js 18.x runtime now available in AWS Lambda", support for ES module resolution using NODE_PATH
 */
export function importFromNodePath(nodePath: string | undefined): void {
  const folders = (nodePath ?? '').split(delimiter).filter((folder) => folder !== '');
  if (folders.length === 0) return;
  const packageFolders = folders.filter((folder) => folder.endsWith('/node_modules'));
  const require = createRequire('/');
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (!isBare(specifier) || !isNotFound(error)) throw error;
        for (const folder of packageFolders) {
          try {
            const parentURL = pathToFileURL(join(dirname(folder), 'any')).href;
            return nextResolve(specifier, { ...context, parentURL });
          } catch (reason) {
            if (!isNotFound(reason)) throw reason;
          }
        }
        // Folders of another name hold packages and files themselves; only CommonJS resolution knows such.
        try {
          return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
        } catch {
          throw error;
        }
      }
    },
  });
}

function isBare(specifier: string): boolean {
  return !/^[./#]|^[a-z][a-z\d+.-]*:/i.test(specifier);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
