import type { Settings } from '../protocol/index.ts';
import * as report from '../report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

// Several copies of the package, and several clients, say it once.
const KEY = /* @__PURE__ */ Symbol.for('@async-http/client.reported');

/** Says while the function starts what is wrong with its variables. */
export function reportOnce(
  { problems, warnings }: Settings,
  problem: string | undefined,
  env: Environment,
): void {
  for (const warning of warnings) once(warning, report.warn);
  // A function that only uses `waitUntil` does not miss a handler, until it hands something off.
  if (problem !== undefined && (problems.length > 0 || env._HANDLER === '/opt/proxy.handler')) {
    reportRefused(problem);
  }
}

/** Says, the first time, why a hand-off is refused. */
export function reportRefused(problem: string): void {
  once(`${problem}. Until this is fixed, every hand-off is refused.`, report.error);
}

function once(message: string, write: (message: string) => void): void {
  const globals = globalThis as { [KEY]?: Set<string> };
  globals[KEY] ??= new Set();
  if (globals[KEY].has(message)) return;
  globals[KEY].add(message);
  write(`[async-http] ${message}`);
}
