import type { RuntimeName } from '../lambda-types.ts';
import { DEFAULT_RUNTIME, RUNTIMES } from '../runtimes.ts';
import { type Place, RuntimeUnsupportedError } from './errors.ts';
import type { Warnings } from './warnings.ts';

/** The runtime that a local run uses, or why there is none. */
type RuntimeChoice =
  | { readonly runtime: RuntimeName; readonly note?: string }
  | { readonly unsupported: string };

/**
 * The runtime of a function that asks for `name`.
 *
 * @param fallback for a function that asks for none.
 * @throws code `ASYNC_HTTP_EMULATOR_RUNTIME_UNSUPPORTED`.
 */
export function readRuntime(
  name: string | undefined,
  {
    functionName,
    place,
    warnings,
    fallback = DEFAULT_RUNTIME,
  }: { functionName: string; place: Place; warnings: Warnings; fallback?: RuntimeName },
): RuntimeName {
  const choice = chooseRuntime(name, fallback);
  if ('unsupported' in choice) {
    throw new RuntimeUnsupportedError(place, { functionName, runtime: choice.unsupported });
  }
  if (choice.note) warnings.add(`Of the functions: ${choice.note}.`);
  return choice.runtime;
}

/** Runs other Node.js runtimes on the nearest one that is emulated. */
function chooseRuntime(name: string | undefined, fallback: RuntimeName): RuntimeChoice {
  if (name === undefined)
    return { runtime: fallback, note: `no runtime is set; using ${fallback}` };
  const major = Number(/^nodejs(\d*)(?:\.[\dx]+)?$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(major)) return { unsupported: name };
  const runtime =
    RUNTIMES.findLast((one) => Number(one.replace(/\D/g, '')) <= major) ?? RUNTIMES[0];
  return runtime === name
    ? { runtime }
    : { runtime, note: `the runtime ${name} is not emulated; using ${runtime}` };
}
