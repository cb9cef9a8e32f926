import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import { buildRuntimeFolder } from './src/runtime-folder.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node22',
  // import.meta.url in the CommonJS build.
  shims: true,
  async onSuccess() {
    for (const runtime of ['nodejs22.x', 'nodejs24.x'] as const) {
      await buildRuntimeFolder(runtime, path('src/runtime'), path(`dist/runtime/${runtime}`));
    }
  },
});
