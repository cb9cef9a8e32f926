import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/protocol.ts',
    'src/delivery.ts',
    'src/register.ts',
    'src/globals.ts',
    ...['fetch', 'hono', 'middy', 'nitro', 'open-next', 'slack-bolt'].map(
      (name) => `src/integrations/${name}.ts`,
    ),
  ],
  format: ['esm', 'cjs'],
  // The types of @standard-schema/spec go into ours, as zod/mini goes into the code: nothing to install.
  dts: { resolve: ['@standard-schema/spec'] },
  noExternal: ['zod'],
  // Also for CommonJS: each entry would carry a copy of `waitUntil` otherwise, and the layer all of them.
  splitting: true,
  target: 'node22',
  sourcemap: true,
  clean: true,
});
