import { basename } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { builtinsWithoutFacade } from '../../scripts/builtins-without-facade.ts';
import { licenses } from '../../scripts/licenses.ts';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];
type Plugin = NonNullable<Options['plugins']>[number];

/** The clients of the destinations are separate files: `import('./sqs.ts')` in the program loads one. */
const DESTINATION_CLIENTS = ['sqs', 'sns', 'eventbridge', 'lambda', 's3'];

/** What the program imports when it needs it is a separate file in the layer. */
const leaveLateImportsOut: EsbuildPlugin = {
  name: 'leave-late-imports-out',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = basename(path, '.ts');
      const file = DESTINATION_CLIENTS.includes(name) ? `destinations/${name}.mjs` : `${name}.js`;
      return { path: `./${file}`, external: true };
    });
  },
};

/** `import()` makes Node.js load its loader of ES modules. `async_hooks` is imported by AWS's invoke store. */
const requireLateImports: Plugin = {
  name: 'require-late-imports',
  renderChunk: (code) => ({
    code: code.replace(/\bimport\(("\.\/[\w-]+\.js"|"async_hooks")\)/g, 'require($1)'),
  }),
};

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    target: 'node22',
    noExternal: [/^@async-http\//, /^zod/],
  },
  {
    // The programs of the layer: a file each, dependencies inside. CommonJS needs no package.json beside it.
    entry: {
      extension: 'src/main.ts',
      'after-registration': 'src/after-registration.ts',
      'handler-host': 'src/handler-host/main.ts',
      store: 'src/status/store.ts',
    },
    outDir: 'dist/layer',
    format: ['cjs'],
    outExtension: () => ({ js: '.js' }),
    target: 'node22',
    splitting: false,
    noExternal: [/./],
    minify: true,
    // The folder below is cleaned by its own build, which runs at the same time.
    clean: ['!destinations/**'],
    esbuildPlugins: [leaveLateImportsOut, licenses],
    plugins: [requireLateImports],
    esbuildOptions: (options) => {
      options.conditions = ['@async-http/source', ...(options.conditions ?? [])];
    },
  },
  {
    // ES modules, because only they can share chunks: most of the AWS SDK is common to the five clients.
    entry: DESTINATION_CLIENTS.map((name) => `src/destinations/${name}.ts`),
    outDir: 'dist/layer/destinations',
    format: ['esm'],
    outExtension: () => ({ js: '.mjs' }),
    target: 'node22',
    splitting: true,
    noExternal: [/./],
    minify: true,
    clean: true,
    plugins: [builtinsWithoutFacade],
    esbuildPlugins: [licenses],
    esbuildOptions: (options) => {
      // The SDK's ES modules are a third smaller than its CommonJS ones.
      options.mainFields = ['module', 'main'];
    },
  },
]);
