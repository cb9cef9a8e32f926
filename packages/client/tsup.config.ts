import { defineConfig, type Options } from 'tsup';
import { builtinsWithoutFacade } from '../../scripts/builtins-without-facade.ts';

const shared: Options = {
  format: ['esm', 'cjs'],
  target: 'node22',
  // One file to load while a function starts: each costs half a millisecond or more.
  splitting: false,
  plugins: [builtinsWithoutFacade],
};

/** Minified, they are half as large. Bundlers could not drop unused parts of them, but they are hardly ever bundled. */
const minifiedEntries = [
  'src/register.ts',
  'src/delivery.ts',
  'src/protocol/index.ts',
  'src/check/index.ts',
  'src/store/index.ts',
];

const entries = [
  'src/index.ts',
  'src/globals.ts',
  ...['fetch', 'hono', 'middy', 'nitro', 'open-next', 'slack-bolt'].map(
    (name) => `src/integrations/${name}.ts`,
  ),
];

const library: Options = {
  ...shared,
  entry: entries,
  // The types of @standard-schema/spec go into ours: nothing to install.
  dts: { entry: [...entries, ...minifiedEntries], resolve: ['@standard-schema/spec'] },
  // Small entries import the package by its own name, so that they do not carry a copy of it.
  external: ['@async-http/client'],
  // Everything in dist, but not what the other build puts there.
  clean: ['!register.*', '!delivery.*', '!protocol/**', '!check/**', '!store/**'],
};

const minified: Options = { ...shared, entry: minifiedEntries, minify: true };

export default defineConfig([library, minified]);
