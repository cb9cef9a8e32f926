import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as tsup } from 'tsup';
import webpack from 'webpack';

/** Bundles a file of JavaScript into `report.js` of a folder. */
type Bundle = (entry: string, folder: string) => Promise<unknown>;

/** The settings are those that README.md names, and what each tool needs for Node.js. */
export const BUNDLERS: Readonly<Record<string, { format: 'esm' | 'cjs'; bundle: Bundle }>> = {
  esbuild: {
    format: 'cjs',
    bundle: (entry, outdir) =>
      esbuild({ entryPoints: [entry], outdir, bundle: true, platform: 'node', target: 'node22' }),
  },
  tsup: {
    format: 'esm',
    bundle: (entry, outDir) =>
      tsup({
        config: false,
        silent: true,
        entry: [entry],
        outDir,
        format: 'esm',
        platform: 'node',
        target: 'node22',
        noExternal: [/./],
        outExtension: () => ({ js: '.js' }),
        clean: false,
      }),
  },
  rollup: {
    format: 'esm',
    bundle: async (input, dir) => {
      const bundle = await rollup({
        input,
        external: /^node:/,
        plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true })],
        logLevel: 'silent',
      });
      await bundle.write({ dir, format: 'es' });
      await bundle.close();
    },
  },
  webpack: {
    format: 'cjs',
    bundle: async (entry, path) => {
      const compiler = webpack({
        mode: 'production',
        target: 'node22',
        entry,
        output: { path, filename: 'report.js', library: { type: 'commonjs2' } },
      });
      const stats = await promisify(compiler.run.bind(compiler))();
      if (!stats || stats.hasErrors()) throw new Error(stats?.toString());
      await promisify(compiler.close.bind(compiler))();
    },
  },
};

/** A folder to deploy, made by a bundler from one file. */
export async function bundleWith(
  name: string,
  entry: string,
  whenOver: (cleanUp: () => void) => void,
): Promise<string> {
  const { format, bundle } = BUNDLERS[name] as (typeof BUNDLERS)[string];
  const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.bundled-'));
  whenOver(() => rmSync(folder, { recursive: true }));
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  await bundle(entry, folder);
  return folder;
}
