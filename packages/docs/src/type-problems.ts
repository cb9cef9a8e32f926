import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './repository-pages.ts';

const FOLDER = join(ROOT, 'packages/docs/blocks');

/** JavaScript does not declare the types of parameters. */
const IMPLICIT_ANY: readonly number[] = [7006, 7031];

export interface Example {
  /** Where the block is, as in `README.md:60`. */
  readonly at: string;
  readonly language: 'ts' | 'js';
  readonly code: string;
}

/** What `tsc` says of these blocks against our sources, by where they are. Names that pages leave to their readers are in `declarations`. */
export function typeProblems(
  examples: readonly Example[],
  declarations: readonly string[],
): Map<string, string[]> {
  const byFile = new Map<string, Example>();
  for (const example of examples) {
    const named = namedFile(example);
    byFile.set(named === undefined || byFile.has(named) ? ownFile(example) : named, example);
  }
  const texts = new Map([...byFile].map(([file, { code }]) => [file, asModule(code)]));
  for (const [index, text] of declarations.entries()) {
    texts.set(join(FOLDER, `declarations-${index}.d.ts`), text);
  }

  const options = readOptions();
  const program = ts.createProgram({
    rootNames: [...texts.keys()],
    options,
    host: hostWith(texts, options),
  });

  return new Map(
    [...byFile].map(([file, { at, language }]) => [
      at,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .filter(({ code }) => language === 'ts' || !IMPLICIT_ANY.includes(code))
        .map(describe),
    ]),
  );
}

/** Where a block says that it belongs, beside the others of its page. */
function namedFile({ at, code }: Example): string | undefined {
  const path = /^\/\/ ([\w./-]+\.[cm]?[jt]s)\b/.exec(code)?.[1];
  return path === undefined ? undefined : join(FOLDER, at.replace(/:\d+$/, ''), path);
}

function ownFile({ at, language }: Example): string {
  return join(FOLDER, `${at.replaceAll(/\W/g, '-')}.${language}`);
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // Examples may name what they do not use: the parameters of a handler.
  return {
    ...options,
    allowJs: true,
    checkJs: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}

function hostWith(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getCurrentDirectory: () => ROOT,
    directoryExists: (folder) =>
      [...texts.keys()].some((file) => file.startsWith(`${folder}/`)) ||
      ts.sys.directoryExists(folder),
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile: (file, languageVersion) => {
      const text = texts.get(file) ?? host.readFile(file);
      return text === undefined
        ? undefined
        : ts.createSourceFile(file, text, languageVersion, true);
    },
  };
}

/** A part of the constructor of a CDK stack gets a stack around it. */
function asModule(code: string): string {
  if (!code.includes('(this,') || code.includes('class ')) return `${code}\nexport {};`;
  const lines = code.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const body = lines.filter((line) => !line.startsWith('import '));
  return [
    ...imports,
    `class Fragment extends (await import('aws-cdk-lib')).Stack { build() {`,
    ...body,
    '} }',
    'export {};',
  ].join('\n');
}

function describe({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file?.text.slice(0, start).split('\n').length ?? 0;
  return `line ${line} of the block: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
