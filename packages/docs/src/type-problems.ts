import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './repository-pages.ts';

const FOLDER = join(ROOT, 'packages/docs/blocks');

/** JavaScript says nothing of the types of parameters. */
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
  const byFile = new Map(
    examples.map((example) => [
      join(FOLDER, `${example.at.replaceAll(/\W/g, '-')}.${example.language}`),
      example,
    ]),
  );
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
