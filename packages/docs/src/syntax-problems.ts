import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import type { CodeBlock } from './markdown-page.ts';

/** Why a block of code cannot be parsed; nothing for languages that are not checked. */
export function syntaxProblems({ language, code }: CodeBlock): string[] {
  switch (language) {
    case 'ts':
    case 'js':
      return scriptProblems(code, `block.${language}`);
    case 'json':
      return jsonProblems(code);
    case 'yaml':
      return parseAllDocuments(code).flatMap(({ errors }) => errors.map(({ message }) => message));
    default:
      return [];
  }
}

function scriptProblems(code: string, fileName: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function jsonProblems(code: string): string[] {
  try {
    JSON.parse(code);
    return [];
  } catch (error) {
    return [String(error)];
  }
}
