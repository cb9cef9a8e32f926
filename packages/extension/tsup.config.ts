import { defineConfig } from 'tsup';

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
    entry: { extension: 'src/main.ts', 'handler-host': 'src/handler-host/main.ts' },
    outDir: 'dist/layer',
    format: ['cjs'],
    outExtension: () => ({ js: '.js' }),
    target: 'node22',
    splitting: false,
    noExternal: [/./],
    minify: true,
    clean: true,
    esbuildOptions: (options) => {
      options.conditions = ['@async-http/source', ...(options.conditions ?? [])];
    },
  },
]);
