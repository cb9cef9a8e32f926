'use strict';
// Loaded with --require before AWS's runtime client. Makes a stock Node.js behave like the one in
// Lambda: `import` finds packages in the folders of NODE_PATH (Lambda does so since nodejs18.x).
// It also puts our HTTP client in the place of the native one, and, where the environment has no
// file system of its own, leads /opt and /var/task to the folders that stand for them.
const { createRequire, registerHooks } = require('node:module');
const { basename, dirname, delimiter, join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const NATIVE_CLIENT = './rapid-client.node';
const client = pathToFileURL(join(__dirname, 'rapid-client.cjs')).href;
/** `{"/opt": "/real/folder", …}`; only in environments without a file system of their own. */
/** `["/var/task", "/real/folder"]` when modules may lie outside `/var/task`: in a workspace, or beside a bundle. */
const [task, sources] = JSON.parse(process.env._EMULATOR_SOURCES || '[]');
const mappedFolders = Object.entries(JSON.parse(process.env._EMULATOR_FOLDERS || '{}'));

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === NATIVE_CLIENT && isInRuntimeFolder(context.parentURL)) {
      return { url: client, format: 'commonjs', shortCircuit: true };
    }
    const target = mapped(specifier);
    try {
      return nextResolve(target, context);
    } catch (error) {
      if (!error.code?.endsWith('MODULE_NOT_FOUND')) throw error;
      const isImport = error.code === 'ERR_MODULE_NOT_FOUND';
      const found =
        resolveInSources(target, context, isImport && nextResolve) ??
        (isImport && isBare(target) && resolveInNodePath(target, context, nextResolve));
      if (found) return found;
      throw error;
    }
  },
});

function isInRuntimeFolder(parentURL) {
  return parentURL?.startsWith('file:') && fileURLToPath(parentURL).startsWith(__dirname);
}

function isBare(specifier) {
  return !/^(\.|\/|[a-z]+:)/i.test(specifier);
}

function mapped(specifier) {
  const isUrl = specifier.startsWith('file:');
  if (!isUrl && !specifier.startsWith('/')) return specifier;
  const path = isUrl ? fileURLToPath(specifier) : specifier;
  for (const [folder, real] of mappedFolders) {
    if (path === folder || path.startsWith(`${folder}/`)) {
      const moved = real + path.slice(folder.length);
      return isUrl ? pathToFileURL(moved).href : moved;
    }
  }
  return specifier;
}

/** As if the module that asks were where the code comes from. */
function resolveInSources(specifier, context, nextResolve) {
  const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : '';
  if (!sources || !parent.startsWith(`${task}/`) || specifier.startsWith('/')) return undefined;
  const moved = sources + parent.slice(task.length);
  try {
    if (nextResolve)
      return nextResolve(specifier, { ...context, parentURL: pathToFileURL(moved).href });
    const path = createRequire(moved).resolve(specifier);
    return { url: pathToFileURL(path).href, shortCircuit: true };
  } catch {
    return undefined;
  }
}

function resolveInNodePath(specifier, context, nextResolve) {
  for (const folder of (process.env.NODE_PATH ?? '').split(delimiter)) {
    if (basename(folder) !== 'node_modules') continue;
    try {
      // As if a module beside that node_modules folder had asked.
      const parentURL = pathToFileURL(join(dirname(folder), 'module.mjs')).href;
      return nextResolve(specifier, { ...context, parentURL });
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  try {
    const path = createRequire(context.parentURL).resolve(specifier);
    return nextResolve(pathToFileURL(path).href, context);
  } catch {
    return undefined;
  }
}
