/** What we read of a `package.json`. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly type?: string;
  readonly exports?: Exports;
}

type Exports = string | { readonly [key: string]: Exports };

/** Conditions and subpaths that no function imports at run time; their files are not in the layer. */
const BUILD_TIME_KEYS = new Set(['@async-http/source', 'types', './check', './protocol']);

/** The `package.json` of a package inside the layer: what `import` and `require` need, nothing else. */
export function layerManifest({ name, version, type, exports }: PackageManifest): PackageManifest {
  return {
    name,
    version,
    ...(type !== undefined && { type }),
    ...(exports !== undefined && { exports: runtimeExports(exports) }),
  };
}

/** Paths of the code that the exports name, e.g. `dist/index.js`. */
export function exportedFiles(exports: Exports = {}): string[] {
  if (typeof exports !== 'string') return Object.values(exports).flatMap(exportedFiles);
  return exports === './package.json' ? [] : [exports.replace(/^\.\//, '')];
}

function runtimeExports(exports: Exports): Exports {
  if (typeof exports === 'string') {
    return exports;
  }
  const kept = Object.entries(exports).filter(([key]) => !BUILD_TIME_KEYS.has(key));
  const [only] = kept;
  if (kept.length === 1 && only?.[0] === 'default') {
    return runtimeExports(only[1]);
  }
  return Object.fromEntries(kept.map(([key, value]) => [key, runtimeExports(value)]));
}
