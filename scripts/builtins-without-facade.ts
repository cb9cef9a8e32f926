import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

/** An import as esbuild writes it: default, namespace or names, and the module. */
const IMPORT =
  /(?<=^|[;}])import\s*([\w$]+)?\s*,?\s*(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))?\s*from\s*"([\w:/]+)";\n?/gm;

/** One of the names: `join`, or `join as join2`. */
const NAME = /([\w$]+)(?:\s+as\s+([\w$]+))?/g;

const GET_BUILTIN = 'const getBuiltin = (id, name) => process.getBuiltinModule(id)[name];';

/**
 * Takes Node.js's own modules from `process.getBuiltinModule()` (Node.js 22.3) in ES modules.
 *
 * `import … from 'node:fs'` makes Node.js read every export, including those whose getters load more modules: streams,
 * promises and readline for `fs`, undici and HTTP/2 for `http`. A cold start would pay for them.
 */
export const builtinsWithoutFacade: Plugin = {
  name: 'builtins-without-facade',
  renderChunk(code, { path }) {
    if (this.format !== 'esm' || !/\.m?js$/.test(path)) return undefined;
    const lines: string[] = [];
    // Marked as pure, so that a bundler drops what a function does not use.
    const declare = (local: string, value: string) =>
      lines.push(`const ${local} = /* @__PURE__ */ ${value};`);
    const rest = code.replace(IMPORT, (statement, whole, names = '', namespace, id) => {
      if (!isBuiltin(id)) return statement;
      for (const local of [whole, namespace]) {
        if (local) declare(local, `process.getBuiltinModule("${id}")`);
      }
      for (const [, name, local = name] of names.matchAll(NAME)) {
        declare(local, `getBuiltin("${id}", "${name}")`);
      }
      return '';
    });
    if (lines.length === 0) return undefined;
    // Before all else, as imports are.
    return { code: [GET_BUILTIN, ...lines, rest].join('\n') };
  },
};
