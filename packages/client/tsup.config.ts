import { defineConfig, type Options } from 'tsup';
import { builtinsWithoutFacade } from '../../scripts/builtins-without-facade.ts';

const shared: Options = {
  format: ['esm', 'cjs'],
  target: 'node22',
  // One file to load while a function starts: each costs half a millisecond or more.
  splitting: false,
  plugins: [builtinsWithoutFacade],
};

const entries = [
  'src/index.ts',
  'src/protocol/index.ts',
  'src/delivery.ts',
  'src/globals.ts',
  ...['fetch', 'hono', 'middy', 'nitro', 'open-next', 'slack-bolt'].map(
    (name) => `src/integrations/${name}.ts`,
  ),
];

const library: Options = {
  ...shared,
  entry: entries,
  // The types of @standard-schema/spec go into ours: nothing to install.
  dts: { entry: [...entries, 'src/register.ts'], resolve: ['@standard-schema/spec'] },
  // Small entries import the package by its own name, so that they do not carry a copy of it.
  external: ['@async-http/client'],
  clean: ['!register.*'], // Everything in dist, but not what the other build puts there.
};

/** Half as large, it loads in half the time: INIT is billed. */
const register: Options = { ...shared, entry: ['src/register.ts'], minify: true };

export default defineConfig([library, register]);
