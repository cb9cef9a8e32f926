import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

/** An import as esbuild writes it: default, namespace or names, and the module. */
const IMPORT =
  /(?<=^|[;}])import\s*([\w$]+)?\s*,?\s*(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))?\s*from\s*"([\w:/]+)";\n?/gm;

/**
 * Takes Node.js's own modules from `process.getBuiltinModule()` (Node.js 22.3) in ES modules.
 *
 * `import … from 'node:fs'` makes Node.js read every export for the facade, and so load what getters bring: streams,
 * promises and readline for `fs`, undici and HTTP/2 for `http`. That is time in a cold start, for what nobody uses.
 */
export const builtinsWithoutFacade: Plugin = {
  name: 'builtins-without-facade',
  renderChunk(code, { path }) {
    if (this.format !== 'esm' || !/\.m?js$/.test(path)) return undefined;
    const names = new Map<string, string[]>();
    const modules: string[] = [];
    const rest = code.replace(IMPORT, (statement, whole, some, namespace, id) => {
      if (!isBuiltin(id)) return statement;
      for (const name of [whole, namespace]) {
        if (name) modules.push(`${name}=process.getBuiltinModule("${id}")`);
      }
      if (some) {
        const renamed = some.trim().replace(/,$/, '').replaceAll(' as ', ':');
        names.set(id, [...(names.get(id) ?? []), renamed.replaceAll(/\s+/g, '')]);
      }
      return '';
    });
    for (const [id, bound] of names) modules.push(`{${bound}}=process.getBuiltinModule("${id}")`);
    // Before all else, as imports are.
    return modules.length === 0 ? undefined : { code: `const ${modules.join(',')};\n${rest}` };
  },
};
