import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import { bundlePage } from './src/page-file.ts';
import { buildRuntimeFolder } from './src/runtime-folder.ts';
import { RUNTIMES } from './src/runtimes.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  entry: ['src/index.ts', 'src/cli.ts'],
  format: ['esm', 'cjs'],
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
  target: 'node22',
  // import.meta.url in the CommonJS build.
  shims: true,
  async onSuccess() {
    // The program is for `bin` only, which is ESM.
    for (const file of ['dist/cli.cjs', 'dist/cli.cjs.map']) await rm(path(file), { force: true });
    await writeFile(path('dist/page.html'), await bundlePage(path('page')));
    for (const runtime of RUNTIMES) {
      await buildRuntimeFolder(runtime, path('src/runtime'), path(`dist/runtime/${runtime}`));
    }
  },
});
