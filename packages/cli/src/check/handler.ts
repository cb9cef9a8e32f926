import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { Finding } from '../finding.ts';
import { builtModules } from '../handler/built-modules.ts';
import { openCode } from '../handler/code-folder.ts';
import { parseHandlerName } from '../handler/handler-name.ts';
import { findLoaded, findSource, isPackage } from '../handler/module-file.ts';
import { readModule } from '../handler/syntax.ts';
import { checkExport } from './handler-export.ts';
import {
  fileFinding,
  fileMissing,
  notBuilt,
  syntaxError,
  unknownHandler,
} from './handler-findings.ts';
import { checkKind } from './handler-kind.ts';
import type { Target } from './handler-target.ts';
import type { Subject } from './subject.ts';

/** The background handler is deployed, and can be loaded. Its code is not run. */
export async function checkHandler(subject: Subject): Promise<Finding[]> {
  const { declaration, settings, delivers, cwd } = subject;
  const { handler } = settings;
  const { code, isImage, environment } = declaration;
  if (handler === undefined || isImage || delivers) return [];
  if (environment.ASYNC_HANDLER?.undeclared.length !== 0) return [];
  if (handler.startsWith('/'))
    return [unknownHandler(handler, 'it is not in the code of the function')];
  if (code === undefined) return [unknownHandler(handler, 'the code is not on this machine')];
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
        unknownHandler(
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
      unknownHandler(
        handler,
        'the tool that builds the code decides where its file is going to be',
      ),
    ];
  }
  if (isPackage(folder, module)) return [unknownHandler(handler, 'it is in a package')];
  return [fileMissing(target)];
}

/** A file that the runtime loads directly. */
function checkLoaded(file: string, target: Target): Promise<Finding[]> {
  return checkFile(file, target, checkKind);
}

/** A file that a tool turns into what the runtime loads. */
function checkSource(file: string, target: Target): Promise<Finding[]> {
  return checkFile(file, target, () => undefined);
}

async function checkFile(
  file: string,
  target: Target,
  findMismatch: typeof checkKind,
): Promise<Finding[]> {
  const module = await readModule(file);
  if ('syntaxError' in module) return [syntaxError(file, module.syntaxError, target)];
  const mismatch = findMismatch(file, module, target);
  return mismatch === undefined ? checkExport(file, module, target) : [mismatch];
}
