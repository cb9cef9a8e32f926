import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { init as initCommonJs, parse as parseCommonJs } from 'cjs-module-lexer';
import { init as initEsModules, parse as parseEsModule } from 'es-module-lexer';
import { type Loader, transform } from 'esbuild';

/** A file of code, read but not run. */
export interface ReadModule {
  readonly kind: 'esm' | 'commonjs' | 'neither';
  /** As JavaScript. */
  readonly text: string;
  /** Of CommonJS: what could be seen of its exports, and the modules whose exports it has too. */
  readonly exports: readonly string[];
  readonly reexports: readonly string[];
}

export type Reading = ReadModule | { readonly syntaxError: string };

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

/** Reads a file without running it. */
export async function readModule(file: string): Promise<Reading> {
  const source = readFileSync(file, 'utf8');
  const loader = LOADERS[extname(file)] ?? 'js';
  let text: string;
  try {
    const { code } = await transform(source, { loader, logLevel: 'silent', sourcefile: file });
    // JavaScript is not transformed: the lexers know the forms that tools write.
    text = loader === 'js' ? source : code;
  } catch (error) {
    return { syntaxError: firstError(error) };
  }
  await Promise.all([initEsModules, initCommonJs()]);
  const hasModuleSyntax = parseEsModule(text)[3];
  if (hasModuleSyntax) return { kind: 'esm', text, exports: [], reexports: [] };
  const { exports, reexports } = parseCommonJs(text);
  const isCommonJs =
    exports.length + reexports.length > 0 || /\bmodule\.exports\b|\bexports[.[]/.test(text);
  return { kind: isCommonJs ? 'commonjs' : 'neither', text, exports, reexports };
}

interface BuildError {
  readonly errors?: readonly {
    readonly text: string;
    readonly location: { readonly line: number } | null;
  }[];
}

export function firstError(error: unknown): string {
  const [first] = (error as BuildError).errors ?? [];
  if (first === undefined) return String(error);
  return first.location === null ? first.text : `line ${first.location.line}: ${first.text}`;
}
