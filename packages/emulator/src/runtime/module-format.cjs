'use strict';
// Where /opt and /var/task are folders of the machine, a package.json further up is not there on Lambda, and its
// "type" must not count: a `.js` file without a package.json in these folders is what Node.js makes of a file
// without a "type".
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { Script } = require('node:vm');

const detectsModules = !process.execArgv.includes('--no-experimental-detect-module');
/** Whether a folder or one above it has a package.json. */
const packages = new Map();

/**
 * Prepares `require()`.
 *
 * @param roots the real folders
 * @returns the hook `load` of `registerHooks()`, for `import`.
 */
module.exports = (roots) => {
  const isLoose = (path) => {
    const root = roots.find((folder) => path.startsWith(`${folder}/`));
    return root !== undefined && path.endsWith('.js') && !hasPackage(dirname(path), root);
  };
  const compile = Module._extensions['.js'];
  Module._extensions['.js'] = (module, path) => {
    if (isLoose(path)) module._compile(readFileSync(path, 'utf8'), path, formatOf(path));
    else compile(module, path);
  };
  return (url, context, nextLoad) => {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    return nextLoad(url, isLoose(path) ? { ...context, format: formatOf(path) } : context);
  };
};

function hasPackage(folder, root) {
  let found = packages.get(folder);
  if (found === undefined) {
    found =
      existsSync(join(folder, 'package.json')) ||
      (folder !== root && hasPackage(dirname(folder), root));
    packages.set(folder, found);
  }
  return found;
}

/** @see https://nodejs.org/api/packages.html#syntax-detection */
function formatOf(path) {
  if (!detectsModules) return 'commonjs';
  try {
    // As CommonJS is compiled; nothing runs.
    new Script(
      `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`,
    );
    return 'commonjs';
  } catch {
    return 'module'; // Or it is broken, and does not load either way.
  }
}
