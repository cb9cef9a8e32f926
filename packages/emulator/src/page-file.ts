import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * The page that shows a run: one HTML file with script and style inside, and two empty elements for what the server fills
 * in. The published package contains it; in a checkout it is bundled from `page/`.
 */
export async function buildPage(): Promise<string> {
  const built = await readFile(join(here, 'page.html'), 'utf8').catch(() => undefined);
  return built ?? bundlePage(join(here, '../page'));
}

/** Also what the package's build runs. */
export async function bundlePage(folder: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.tsx'), join(folder, 'style/page.css')],
    bundle: true,
    minify: true,
    write: false,
    outdir: folder,
    format: 'iife',
    target: 'es2022',
    jsx: 'transform',
    jsxFactory: 'h',
    jsxFragment: 'Fragment',
    inject: [join(folder, 'jsx.ts')],
    // Otherwise esbuild reads that of the project that is served.
    tsconfigRaw: {},
    banner: { js: '/* Contains preact, MIT License, Copyright (c) 2015-present Jason Miller */' },
  });
  const output = (extension: string) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text.trim() ?? '';
  const template = await readFile(join(folder, 'page.html'), 'utf8');
  // Functions, because `$&` in a replacement would be expanded.
  return template
    .replace('/* style */', () => output('.css'))
    .replace('/* script */', () => output('.js').replaceAll('</script', '<\\/script'));
}
