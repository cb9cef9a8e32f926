import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    target: 'node22',
    dts: true,
    sourcemap: true,
    // import.meta.url in the CommonJS build.
    shims: true,
    // The zip is replaced in one step when it is built: whoever runs it meanwhile finds the old one.
    clean: ['!cli.*', '!layer.zip'],
  },
  {
    entry: ['src/cli.ts'],
    format: 'esm',
    target: 'node22',
    sourcemap: true,
  },
]);
