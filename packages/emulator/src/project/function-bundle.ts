import { type FunctionBundle, HANDLER_VARIABLES } from '../bundle/bundling.ts';
import { isZip } from '../function-config.ts';
import type { ProjectBundling } from './bundlers.ts';
import { findHandlerFile, findNamedHandlerFile, type HandlerSearch } from './handler-file.ts';

export interface BundleSearch extends Omit<HandlerSearch, 'bundlesJavaScript'> {
  readonly environment: Readonly<Record<string, string>>;
  readonly bundling: ProjectBundling;
}

/**
 * What has to be bundled for a function: its handler, and those that its variables name.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND`, unless a wrapper script starts the function.
 */
export function bundleOf({
  environment,
  bundling: { bundlesJavaScript, ...bundling },
  ...search
}: BundleSearch): FunctionBundle | undefined {
  // A package that somebody has made runs unchanged.
  if (isZip(search.code)) return undefined;
  // A wrapper script may start something else with it, as Lambda Web Adapter does with run.sh.
  const find = environment.AWS_LAMBDA_EXEC_WRAPPER ? findNamedHandlerFile : findHandlerFile;
  const main = find({ ...search, bundlesJavaScript });
  const named = HANDLER_VARIABLES.flatMap((variable) => environment[variable] ?? []).map(
    (handler) => findNamedHandlerFile({ ...search, handler, bundlesJavaScript }),
  );
  const entries = new Map(
    [main, ...named].flatMap((entry) => (entry ? [[entry.module, entry] as const] : [])),
  );
  return entries.size > 0 ? { ...bundling, entries: [...entries.values()] } : undefined;
}
