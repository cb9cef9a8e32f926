'use strict';
// Loaded with --require before AWS's runtime client. Makes a stock Node.js behave like the one in
// Lambda: `import` finds packages in the folders of NODE_PATH (Lambda does so since nodejs18.x).
// It also puts our HTTP client in the place of the native one, and, where the environment has no
// separate file system, leads /opt and /var/task to the folders that stand for them.
const { existsSync, readdirSync, statSync, writeSync } = require('node:fs');
const Module = require('node:module');
const { basename, dirname, delimiter, join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const { createRequire, isBuiltin, registerHooks } = Module;

const NATIVE_CLIENT = './rapid-client.node';
const root = process.env.LAMBDA_TASK_ROOT;
/** Where the code comes from, and whether 'all' modules that it lacks are looked up there or only those of Lambda's 'runtime'. */
const [task, sources, scope] = process.env._EMULATOR_SOURCES
  ? JSON.parse(process.env._EMULATOR_SOURCES)
  : [root, root, 'runtime'];
const explained = new Set();
let isLookingUp = false;
/** `{"/opt": "/real/folder", …}`; only in environments without their own file system. */
const mappedFolders = Object.entries(JSON.parse(process.env._EMULATOR_FOLDERS || '{}'));

// Not by a hook: programs that trace calls of require() ask for the file name past the hooks.
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, parent, ...rest) =>
  request === NATIVE_CLIENT && parent?.filename?.startsWith(__dirname)
    ? join(__dirname, 'rapid-client.cjs')
    : resolveFilename(request, parent, ...rest);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const target = mapped(specifier);
    const place = mappedPlace(context.parentURL);
    if (place && !isBuiltin(target)) return requireFrom(place, target);
    try {
      return nextResolve(target, context);
    } catch (error) {
      if (isLookingUp || !error.code?.endsWith('MODULE_NOT_FOUND')) throw error;
      const found = lookUp(target, context, error.code === 'ERR_MODULE_NOT_FOUND' && nextResolve);
      if (found) return found;
      explainMissing(target);
      throw error;
    }
  },
  ...(mappedFolders.length > 0 && {
    load: require('./module-format.cjs')(mappedFolders.map(([, real]) => real)),
  }),
});

/** @param nextResolve set for `import`; `require` does without. */
function lookUp(specifier, context, nextResolve) {
  // What we ask for on the way comes to the hook again.
  isLookingUp = true;
  try {
    return (
      resolveInSources(specifier, context, nextResolve) ??
      resolveInProject(specifier, context, nextResolve) ??
      (nextResolve && isBare(specifier)
        ? resolveInNodePath(specifier, context, nextResolve)
        : undefined)
    );
  } finally {
    isLookingUp = false;
  }
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

/** For what `createRequire('/var/task/…')` has made. A file that is there itself is a module of this machine. */
function mappedPlace(parentURL) {
  const place = parentURL && mapped(parentURL);
  if (place === parentURL) return undefined;
  return statSync(fileURLToPath(parentURL), { throwIfNoEntry: false })?.isFile()
    ? undefined
    : place;
}

/** As if a module at that place had asked. */
function requireFrom(parentURL, specifier) {
  const path = createRequire(parentURL).resolve(specifier);
  return { url: pathToFileURL(path).href, shortCircuit: true };
}

/** As if the module that asks were where the code comes from. */
function resolveInSources(specifier, context, nextResolve) {
  if (!sources || specifier.startsWith('/')) return undefined;
  const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : '';
  const isInTask = parent.startsWith(`${task}/`);
  if (!isFromRuntime(specifier) && !(isInTask && scope === 'all')) return undefined;
  const moved = isInTask ? sources + parent.slice(task.length) : join(sources, 'index.js');
  try {
    if (nextResolve)
      return nextResolve(specifier, { ...context, parentURL: pathToFileURL(moved).href });
    return requireFrom(moved, specifier);
  } catch {
    return undefined;
  }
}

/** In a project whose functions have their own packages, and are bundled to elsewhere, these are beside the sources. */
function resolveInProject(specifier, context, nextResolve) {
  if (!isFromRuntime(specifier)) return undefined;
  for (const folder of foldersWithSdk()) {
    const place = join(folder, 'index.js');
    try {
      if (nextResolve)
        return nextResolve(specifier, { ...context, parentURL: pathToFileURL(place).href });
      return requireFrom(place, specifier);
    } catch {
      // Another folder may have it.
    }
  }
  return undefined;
}

let sdkFolders;

/** Folders of the project, two levels deep, that have packages of the SDK installed. */
function foldersWithSdk() {
  sdkFolders ??= below(projectFolder(), 2).filter((folder) =>
    existsSync(join(folder, 'node_modules/@aws-sdk')),
  );
  return sdkFolders;
}

/** The nearest folder above the code that is a package. */
function projectFolder() {
  for (let folder = sources; folder && folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return undefined;
}

function below(folder, levels) {
  if (folder === undefined || levels === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$|^cdk\.out$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .flatMap((path) => [path, ...below(path, levels - 1)]);
}

/** Lambda's runtime has these packages in /var/runtime/node_modules; here they are the project's. */
function isFromRuntime(specifier) {
  return /^@(aws-sdk|smithy)\//.test(specifier);
}

function explainMissing(specifier) {
  const [scopeOrName, name] = specifier.split('/');
  const remark = isFromRuntime(specifier)
    ? `${scopeOrName}/${name} is part of Lambda's runtime, but not of this machine. For local runs: npm install --save-dev ${scopeOrName}/${name}`
    : scopeOrName === 'aws-sdk' &&
      "Lambda's Node.js runtimes do not have version 2 of the AWS SDK (aws-sdk). Use version 3 (@aws-sdk/client-…), or deploy aws-sdk with the function.";
  if (!remark || explained.has(remark)) return;
  explained.add(remark);
  writeSync(2, `${remark}\n`);
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
