import type { Finding } from '../finding.ts';
import { parseHandlerName } from '../handler/handler-name.ts';
import { findLoaded, findMeant } from '../handler/module-file.ts';
import type { Target } from './handler-target.ts';

export function syntaxError(file: string, error: string, { show }: Target): Finding {
  return {
    code: 'ASYNC_HTTP_CHECK_HANDLER_SYNTAX',
    severity: 'error',
    problem: `${show(file)} cannot be loaded, so no job would run: ${error}`,
    advice: 'Correct this line.',
  };
}

export function notBuilt(
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

export function fileMissing({ handler, module, exportName, folder, show }: Target): Finding {
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

export const fileFinding = (problem: string, advice: string): Finding => ({
  code: 'ASYNC_HTTP_CHECK_HANDLER_FILE',
  severity: 'error',
  problem,
  advice,
});

export const unknownHandler = (handler: string, reason: string): Finding => ({
  code: 'ASYNC_HTTP_CHECK_HANDLER_UNKNOWN',
  severity: 'note',
  problem: `Whether "${handler}" can be loaded was not checked: ${reason}.`,
  advice: '',
});
