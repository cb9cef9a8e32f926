import { build } from 'esbuild';
import type { Figure } from '../figure.ts';

/** What an export of the client adds to a function that is bundled: it is read at each cold start. */
export const bundles: readonly Figure[] = [
  bundleOf('bundle-wait-until', 'waitUntil', 8),
  bundleOf('bundle-send-args', 'sendArgs', 16),
  bundleOf('bundle-error', 'NonRetriableError', 1),
];

function bundleOf(name: string, exported: string, kB: number): Figure {
  return {
    name,
    title: `minified bundle of ${exported} alone`,
    unit: 'kB',
    budgets: [{ units: kB }],
    async measure() {
      const { outputFiles } = await build({
        stdin: {
          contents: `export { ${exported} } from '@async-http/client';`,
          resolveDir: import.meta.dirname,
        },
        bundle: true,
        minify: true,
        write: false,
        platform: 'node',
        format: 'esm',
        target: 'node22',
        logLevel: 'silent',
      });
      const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
      return { ours: { what: 'esbuild, platform node, ES module', samples: [bytes / 1_000] } };
    },
  };
}
