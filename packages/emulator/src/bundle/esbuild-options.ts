import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Format, Plugin } from 'esbuild';
import type { BundleEntry, Bundling } from './bundling.ts';
import { externalPackages, warnOfSdk2 } from './external-packages.ts';
import { loadProjectModule } from './project-module.ts';

/** Options that say what a bundle contains. Those that say where it goes, or what is printed, are ours. */
const TAKEN = [
  ...['alias', 'banner', 'charset', 'conditions', 'define', 'drop', 'dropLabels', 'external'],
  ...['footer', 'ignoreAnnotations', 'inject', 'jsx', 'jsxDev', 'jsxFactory', 'jsxFragment'],
  ...['jsxImportSource', 'jsxSideEffects', 'keepNames', 'legalComments', 'lineLimit', 'loader'],
  ...['mainFields', 'mangleCache', 'mangleProps', 'mangleQuoted', 'minify', 'minifyIdentifiers'],
  ...['minifySyntax', 'minifyWhitespace', 'nodePaths', 'packages', 'platform', 'plugins'],
  ...['preserveSymlinks', 'pure', 'reserveProps', 'resolveExtensions', 'supported', 'target'],
  ...['treeShaking', 'tsconfig', 'tsconfigRaw'],
];

/** The managed runtimes bring it; `/opt` is known when the function runs. */
const NEVER_BUNDLED = ['@aws-sdk/*', '/opt/*'];

/** CommonJS packages in an ES module need `require`. */
const REQUIRE_FOR_ESM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * tsc makes one object of `export` and `exports.handler = …` in a file that has both; esbuild leaves the
 * second one behind.
 */
const BOTH_EXPORTS =
  'if (module.exports !== exports) for (const name of Object.keys(exports)) if (!(name in module.exports)) module.exports[name] = exports[name];';

export interface EntryOptions {
  readonly entry: BundleEntry;
  readonly bundling: Bundling;
  /** Folder that becomes `/var/task`, absolute. */
  readonly code: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  /** Packages that cannot be found may be in a layer. */
  readonly hasLayers: boolean;
}

/** Output paths are those of the code folder: esbuild writes nothing, and source maps lead to the sources. */
export async function esbuildOptions({
  entry,
  bundling,
  code,
  runtime,
  hasLayers,
}: EntryOptions): Promise<BuildOptions & { format: Format }> {
  const { folder, isExplicit } = bundling;
  const asked = await askedOptions(bundling);
  const taken = Object.fromEntries(
    Object.entries(asked).filter(([name, value]) => TAKEN.includes(name) && value !== undefined),
  ) as BuildOptions;
  const format = chooseFormat(asked, entry);
  const excluded = list(asked.exclude);
  const outdir = dirname(join(code, entry.module));
  return {
    platform: 'node',
    target: runtime.replace(/^nodejs(\d+)\.x$/, 'node$1'),
    ...taken,
    format,
    external: [...NEVER_BUNDLED, ...list(asked.external), ...excluded],
    loader: { '.node': 'copy', ...taken.loader },
    define: texts(taken.define),
    ...(format === 'esm' &&
      !isExplicit && { banner: { ...taken.banner, js: taken.banner?.js ?? REQUIRE_FOR_ESM } }),
    ...(format === 'cjs' &&
      !isExplicit && {
        footer: { ...taken.footer, js: taken.footer?.js ?? BOTH_EXPORTS },
        logOverride: { 'commonjs-variable-in-esm': 'silent' },
      }),
    plugins: [
      ...(taken.plugins ?? []),
      ...(excluded.includes('aws-sdk') ? [warnOfSdk2] : []),
      externalPackages(hasLayers),
    ],
    absWorkingDir: folder,
    entryPoints: { [entry.module.split('/').pop() ?? '']: entry.source },
    outdir,
    outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' },
    bundle: true,
    write: false,
    metafile: true,
    sourcemap: 'external',
    sourcesContent: false,
    sourceRoot: `${pathToFileURL(outdir).href}/`,
    logLevel: 'silent',
  };
}

async function askedOptions({
  options,
  config,
  plugins,
}: Bundling): Promise<Readonly<Record<string, unknown>>> {
  const more = config === undefined ? {} : await loadProjectModule(config);
  const made = plugins === undefined ? [] : await loadProjectModule(plugins);
  const added = typeof more === 'function' ? more({}) : more;
  const pluginList = typeof made === 'function' ? made({}) : made;
  return {
    ...options,
    ...(added as object),
    ...(plugins !== undefined && { plugins: pluginList as Plugin[] }),
  };
}

function chooseFormat(
  asked: Readonly<Record<string, unknown>>,
  { source }: BundleEntry,
): 'esm' | 'cjs' {
  if (asked.format !== undefined) return asked.format === 'esm' ? 'esm' : 'cjs';
  if (extname(source) === '.mts') return 'esm';
  if (extname(source) === '.cts') return 'cjs';
  return packageType(dirname(source)) === 'module' ? 'esm' : 'cjs';
}

/** `type` of the package.json that a file of the folder belongs to. */
function packageType(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? undefined : packageType(parent);
  }
}

const list = (value: unknown): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

/** YAML has numbers and booleans where esbuild wants the text of an expression. */
const texts = (values: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
