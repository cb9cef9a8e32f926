import { nearestName } from '@async-http/emulator';
import type { Finding } from '../finding.ts';
import { readExports } from '../handler/exports.ts';
import type { ReadModule } from '../handler/syntax.ts';
import { unknownHandler } from './handler-findings.ts';
import type { Target } from './handler-target.ts';

/** The file exports the background handler. */
export async function checkExport(
  file: string,
  module: ReadModule,
  { exportName, handler, show }: Target,
): Promise<Finding[]> {
  const wanted = exportName ?? 'default';
  const exports = await readExports(file, module);
  if (exports.names.includes(wanted)) return [];
  if (!exports.isComplete) return [unknownHandler(handler, exports.reason)];
  // In CommonJS, a name can get into the exports in ways that nobody sees without running the code.
  if (module.kind === 'commonjs' && exportName !== undefined && mentions(module.text, exportName)) {
    return [unknownHandler(handler, 'its exports only show when it runs')];
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
