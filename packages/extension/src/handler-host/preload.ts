import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Preload } from '../handler-process/frames.ts';
import { RuntimeError } from './errors.ts';

const SCHEME = 'async-http-preload:';

/**
 * Loads what `--require` and `--import` in `NODE_OPTIONS` name, as Node.js does: from the working directory.
 *
 * @throws {RuntimeError} `Runtime.ImportModuleError`.
 */
export async function loadPreloads(preloads: readonly Preload[]): Promise<void> {
  const parent = join(process.cwd(), 'preload');
  const require = createRequire(parent);
  const hook = registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier.startsWith(SCHEME)
        ? nextResolve(specifier.slice(SCHEME.length), {
            ...context,
            parentURL: pathToFileURL(parent).href,
          })
        : nextResolve(specifier, context),
  });
  for (const { kind, module } of preloads) {
    try {
      if (kind === 'require') require(module);
      else await import(`${SCHEME}${module}`);
    } catch (cause) {
      throw new RuntimeError(
        'Runtime.ImportModuleError',
        `'--${kind} ${module}' in NODE_OPTIONS cannot be loaded: ${cause}`,
        { cause },
      );
    }
  }
  hook.deregister();
}
