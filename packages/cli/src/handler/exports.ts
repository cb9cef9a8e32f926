import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { findLoaded } from './module-file.ts';
import { firstError, type ReadModule, readModule } from './syntax.ts';

/** The names that a file exports, as far as they can be read without running it. */
export type Exports =
  | { readonly names: readonly string[]; readonly isComplete: true }
  | { readonly names: readonly string[]; readonly isComplete: false; readonly reason: string };

export function readExports(file: string, module: ReadModule): Promise<Exports> {
  return module.kind === 'esm' ? exportsOfEsModule(file) : exportsOfCommonJs(file, module);
}

/** esbuild follows `export *` through the project's own files. */
async function exportsOfEsModule(file: string): Promise<Exports> {
  try {
    const { metafile, outputFiles } = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      external: ['/opt/*'],
      outdir: 'out',
      logLevel: 'silent',
    });
    const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports);
    const passesOn = outputFiles.some(({ text }) => /^export \* from/m.test(text));
    return passesOn
      ? { names, isComplete: false, reason: 'it exports all that a package exports' }
      : { names, isComplete: true };
  } catch (error) {
    return { names: [], isComplete: false, reason: firstError(error) };
  }
}

const RUN_TIME = 'it sets its exports in a way that only shows when it runs';

async function exportsOfCommonJs(
  file: string,
  { text, exports, reexports }: ReadModule,
  seen = new Set([file]),
): Promise<Exports> {
  const names = new Set(exports);
  const assigned = /\bmodule\.exports\s*=(?!=)/.test(text);
  if (assigned && exports.length === 0) names.add('default');
  let reason = assigned && exports.length === 0 && reexports.length === 0 ? RUN_TIME : undefined;
  for (const target of reexports) {
    const path = target.startsWith('.')
      ? (findLoaded(dirname(file), target.replace(/\.[cm]?js$/, '')) ??
        findLoaded(join(dirname(file), target), 'index'))
      : undefined;
    const inner = path === undefined || seen.has(path) ? undefined : await readModule(path);
    if (path === undefined || inner === undefined || 'syntaxError' in inner) {
      reason ??= `it exports what ${target} exports`;
      continue;
    }
    const found = await exportsOfCommonJs(path, inner, seen.add(path));
    for (const name of found.names) names.add(name);
    if (!found.isComplete) reason ??= found.reason;
  }
  return reason === undefined
    ? { names: [...names], isComplete: true }
    : { names: [...names], isComplete: false, reason };
}
