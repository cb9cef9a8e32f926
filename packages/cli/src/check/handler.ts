import { existsSync } from 'node:fs';
import { extname, relative } from 'node:path';
import { nearestName } from '@async-http/emulator';
import type { Finding } from '../finding.ts';
import { builtModules } from '../handler/built-modules.ts';
import { isEsModulePackage, openCode } from '../handler/code-folder.ts';
import { readExports } from '../handler/exports.ts';
import { type HandlerName, parseHandlerName } from '../handler/handler-name.ts';
import { findLoaded, findMeant, findSource, isPackage } from '../handler/module-file.ts';
import { type ReadModule, readModule } from '../handler/syntax.ts';
import type { Subject } from './subject.ts';

/** The background handler, where it is going to be loaded. */
interface Target extends HandlerName {
  readonly handler: string;
  readonly folder: string;
  readonly subject: Subject;
  /** The path of a file for people. */
  readonly show: (file: string) => string;
}

/** The background handler is deployed, and can be loaded. Nothing of it is run. */
export async function checkHandler(subject: Subject): Promise<Finding[]> {
  const { declaration, settings, delivers, cwd } = subject;
  const { handler } = settings;
  const { code, isImage, environment } = declaration;
  if (handler === undefined || isImage || delivers) return [];
  if (environment.ASYNC_HANDLER?.undeclared.length !== 0) return [];
  if (handler.startsWith('/')) return [unknown(handler, 'it is not in the code of the function')];
  if (code === undefined) return [unknown(handler, 'the code is not on this machine')];
  const opened = openCode(code);
  if (opened === undefined) {
    const problem = existsSync(code) ? 'cannot be read' : 'does not exist';
    return [
      fileFinding(
        `The code ${relative(cwd, code) || code} ${problem}, so "${handler}" is not in it.`,
        'Build the code first, or correct the path.',
      ),
    ];
  }
  const { folder } = opened;
  try {
    return await checkTarget({
      ...parseHandlerName(handler),
      handler,
      folder,
      subject,
      show: (file) => relative(folder === code ? cwd : folder, file),
    });
  } finally {
    opened.close();
  }
}

async function checkTarget(target: Target): Promise<Finding[]> {
  const { folder, module, subject, handler } = target;
  const { declaration, declarations } = subject;
  const loaded = findLoaded(folder, module);
  const source = findSource(folder, module);
  const built = builtModules(declaration, declarations);
  if (built !== undefined) {
    const file = built.get(module);
    if (file !== undefined) return checkSource(file, target);
    // Another function's build may have nothing to do with a file that is deployed unchanged.
    const isUnchanged = declaration.build.addsFiles || declaration.handler?.startsWith('/');
    if (loaded !== undefined && declaration.build.bundles === 'typescript' && isUnchanged) {
      return checkLoaded(loaded, target);
    }
    if (loaded !== undefined && declaration.build.addsFiles) {
      return [
        unknown(
          handler,
          'it is not bundled, and may be one of the files that package.patterns adds',
        ),
      ];
    }
    return [notBuilt(target, { file: loaded ?? source, built: [...built.keys()] })];
  }
  const isBuilt = declaration.build.bundles === 'unknown';
  const file = loaded ?? source;
  if (isBuilt && file !== undefined) return checkSource(file, target);
  if (loaded !== undefined) return checkLoaded(loaded, target);
  if (source !== undefined) return [notBuilt(target, { file: source, built: [] })];
  if (isBuilt) {
    return [
      unknown(handler, 'the tool that builds the code decides where its file is going to be'),
    ];
  }
  if (isPackage(folder, module)) return [unknown(handler, 'it is in a package')];
  return [fileMissing(target)];
}

/** A file that the runtime loads as it is. */
async function checkLoaded(file: string, target: Target): Promise<Finding[]> {
  const module = await readModule(file);
  if ('syntaxError' in module) return [syntaxError(file, module.syntaxError, target)];
  const mismatch = checkKind(file, module, target);
  return mismatch === undefined ? checkExport(file, module, target) : [mismatch];
}

/** A file that a tool turns into what the runtime loads. */
async function checkSource(file: string, target: Target): Promise<Finding[]> {
  const module = await readModule(file);
  if ('syntaxError' in module) return [syntaxError(file, module.syntaxError, target)];
  return checkExport(file, module, target);
}

async function checkExport(
  file: string,
  module: ReadModule,
  { exportName, handler, show }: Target,
): Promise<Finding[]> {
  const wanted = exportName ?? 'default';
  const exports = await readExports(file, module);
  if (exports.names.includes(wanted)) return [];
  if (!exports.isComplete) return [unknown(handler, exports.reason)];
  // In CommonJS, a name can get into the exports in ways that nobody sees without running the code.
  if (module.kind === 'commonjs' && exportName !== undefined && mentions(module.text, exportName)) {
    return [unknown(handler, 'its exports only show when it runs')];
  }
  const names = exports.names.filter((name) => name !== 'default' && name !== '__esModule');
  const list = names.length === 0 ? 'nothing with a name' : names.join(', ');
  const path = exportName === undefined ? handler : handler.slice(0, -exportName.length - 1);
  const meant = nearestName(wanted, names) ?? (names.length === 1 ? names[0] : undefined);
  return [
    {
      code: 'ASYNC_HTTP_CHECK_HANDLER_EXPORT',
      severity: 'error',
      problem: `ASYNC_HANDLER is "${handler}", but ${show(file)} has no ${exportName === undefined ? 'default export' : `export "${exportName}"`} (it exports ${list}), so no job would run.`,
      advice:
        meant === undefined
          ? `Export the background handler there: export const ${exportName ?? 'background'} = async (event, context) => …`
          : `Did you mean ASYNC_HANDLER: ${path}.${meant}?`,
    },
  ];
}

const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);

/** The syntax of the file is the one that Lambda's runtime reads it with. */
function checkKind(
  file: string,
  { kind }: ReadModule,
  { folder, subject, show }: Target,
): Finding | undefined {
  const ending = extname(file);
  const isModule = ending === '.mjs' || (ending === '.js' && isEsModulePackage(file, folder));
  if (isModule && kind === 'commonjs') {
    return {
      code: 'ASYNC_HTTP_CHECK_HANDLER_SYNTAX',
      severity: 'error',
      problem: `${show(file)} is CommonJS (module.exports), but Node.js reads it as an ES module, so it fails to load and no job would run.`,
      advice:
        ending === '.mjs'
          ? 'Write export there, or let its name end in .cjs.'
          : 'Write export there, let its name end in .cjs, or remove "type": "module" from package.json.',
    };
  }
  // From Node.js 24 on, Lambda lets it find out by itself what a .js file is.
  const { runtime } = subject.declaration;
  const isRefused = ending === '.cjs' || (ending === '.js' && runtime === 'nodejs22.x');
  if (isModule || kind !== 'esm' || !isRefused) return undefined;
  return {
    code: 'ASYNC_HTTP_CHECK_HANDLER_SYNTAX',
    severity: 'error',
    problem: `${show(file)} is an ES module (import, export), but Node.js reads it as CommonJS${ending === '.js' ? ' on nodejs22.x' : ''}, so it fails to load and no job would run.`,
    advice:
      ending === '.cjs'
        ? 'Let its name end in .mjs, or have your build write CommonJS.'
        : 'Set "type": "module" in a package.json that is deployed with it, let its name end in .mjs, or have your build write CommonJS.',
  };
}

function syntaxError(file: string, error: string, { show }: Target): Finding {
  return {
    code: 'ASYNC_HTTP_CHECK_HANDLER_SYNTAX',
    severity: 'error',
    problem: `${show(file)} cannot be loaded, so no job would run: ${error}`,
    advice: 'Correct this line.',
  };
}

function notBuilt(
  { handler, module, exportName = 'default', show, subject }: Target,
  { file, built }: { file: string | undefined; built: readonly string[] },
): Finding {
  const { tool } = subject.declarations;
  const { declaration } = subject;
  const own = parseHandlerName(declaration.handler ?? '').module;
  const beside = built.includes(own)
    ? `Export the background handler beside the function's own: ASYNC_HANDLER: ${own}.${exportName === 'handler' ? 'background' : exportName}.`
    : 'Use createProxy of @async-http/proxy instead of /opt/proxy.handler, in a file that also exports the background handler.';
  const what = file === undefined ? `there is no ${module}` : `nothing builds ${show(file)}`;
  const others = built.length === 0 ? '' : `; built are ${built.join(', ')}`;
  const advice =
    built.length === 0
      ? 'Build it to JavaScript and name that file, or configure a bundler.'
      : tool === 'sam'
        ? `${beside} Or add its file to EntryPoints.`
        : beside;
  return {
    code: 'ASYNC_HTTP_CHECK_HANDLER_NOT_BUILT',
    severity: 'error',
    problem: `ASYNC_HANDLER is "${handler}", but ${what}${others}. It would not be deployed as JavaScript, and every hand-off would be refused.`,
    advice,
  };
}

function fileMissing({ handler, module, exportName, folder, show }: Target): Finding {
  const meant = findMeant(folder, module);
  const problem = `ASYNC_HANDLER is "${handler}", but there is no ${show(`${folder}/${module}`)}.js, .mjs or .cjs, so every hand-off would be refused.`;
  const isOutput = /^(?:dist|build|out|lib)\//.test(module);
  const advice =
    meant === undefined || (isOutput && findLoaded(folder, meant) === undefined)
      ? isOutput
        ? 'Build the code first, or correct the name.'
        : 'Correct the name: path/to/module.export, as in the function’s handler.'
      : `Did you mean ASYNC_HANDLER: ${meant}.${exportName ?? 'handler'}?`;
  return fileFinding(problem, advice);
}

const fileFinding = (problem: string, advice: string): Finding => ({
  code: 'ASYNC_HTTP_CHECK_HANDLER_FILE',
  severity: 'error',
  problem,
  advice,
});

const unknown = (handler: string, reason: string): Finding => ({
  code: 'ASYNC_HTTP_CHECK_HANDLER_UNKNOWN',
  severity: 'note',
  problem: `Whether "${handler}" can be loaded was not checked: ${reason}.`,
  advice: '',
});
