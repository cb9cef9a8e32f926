import { extname } from 'node:path';
import type { Finding } from '../finding.ts';
import { isEsModulePackage } from '../handler/code-folder.ts';
import type { ReadModule } from '../handler/syntax.ts';
import type { Target } from './handler-target.ts';

/** The syntax of the file is the one that Lambda's runtime reads it with. */
export function checkKind(
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
