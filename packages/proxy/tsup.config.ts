import { defineConfig, type Options } from 'tsup';

const library: Options = {
  entry: ['src/index.ts', 'src/webhooks/index.ts'],
  format: ['esm', 'cjs'],
  // The types of @standard-schema/spec go into ours: nothing to install.
  dts: { resolve: ['@standard-schema/spec'] },
  target: 'node22',
  sourcemap: true,
  clean: ['!layer/**'], // Everything in dist, but not what the other build puts there.
};

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

/** What asks the store is a file that the extension brings, and loads with the first key or question. */
const leaveStoreOut: EsbuildPlugin = {
  name: 'leave-store-out',
  setup(build) {
    build.onResolve({ filter: /^@async-http\/client\/store$/ }, () => ({
      path: './async-http/store.js',
      external: true,
    }));
  },
};

/** `/opt/proxy.js` of the layer: one file, the client inside. */
export const layer: Options = {
  entry: { proxy: 'src/layer.ts' },
  outDir: 'dist/layer',
  // CommonJS loads with `require` and with `import`; nothing near it in /opt says what a `.js` file is.
  format: 'cjs',
  outExtension: () => ({ js: '.js' }),
  target: 'node22',
  noExternal: [/./],
  esbuildPlugins: [leaveStoreOut],
  esbuildOptions: (options) => {
    options.conditions = ['@async-http/source'];
  },
  minify: true,
  clean: true,
};

export default defineConfig([library, layer]);
