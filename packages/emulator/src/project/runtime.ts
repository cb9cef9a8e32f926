import type { RuntimeName } from '../lambda-types.ts';

/** The runtime that a local run uses, or why there is none. */
export type RuntimeChoice =
  | { readonly runtime: RuntimeName; readonly note?: string }
  | { readonly unsupported: string };

const NEWEST: RuntimeName = 'nodejs24.x';

/** Runs other Node.js runtimes on the nearest one that is emulated. */
export function chooseRuntime(name: string | undefined): RuntimeChoice {
  if (name === undefined) return { runtime: NEWEST, note: `no runtime is set; using ${NEWEST}` };
  const major = Number(/^nodejs(\d*)(?:\.[\dx]+)?$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(major)) return { unsupported: name };
  const runtime = major >= 24 ? NEWEST : 'nodejs22.x';
  return runtime === name
    ? { runtime }
    : { runtime, note: `the runtime ${name} is not emulated; using ${runtime}` };
}
