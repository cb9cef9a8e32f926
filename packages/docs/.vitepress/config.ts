import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { buildApiReference } from '../src/api-reference.ts';
import { benchmarkCharts } from '../src/benchmark-charts.ts';
import { deadSiteLinks } from '../src/dead-site-links.ts';
import { llmsTxt } from '../src/llms-txt.ts';
import { repositoryPages } from '../src/repository-pages.ts';
import { GITHUB, siteLinks } from '../src/site-links.ts';
import { HOME, PAGES, SECTIONS } from '../src/site-pages.ts';

const onSite = [HOME, ...PAGES];
const rewrites = Object.fromEntries(onSite.map(({ file, route }) => [file, `${route}.md`]));
const files = Object.fromEntries(onSite.map(({ file, route }) => [`${route}.md`, file]));

/** Below a domain, such as /async-http/ on GitHub Pages. */
const base = process.env.DOCS_BASE ?? '/';

const vitepress = createRequire(import.meta.url).resolve('vitepress');

export default defineConfig({
  title: 'async-http',
  description: 'Reply now, finish later: background work behind an HTTP API on AWS Lambda',
  base,
  // The pages are the Markdown of the repository, where it is.
  srcDir: '../..',
  srcExclude: [
    '.changeset/**',
    ...repositoryPages().filter((path) => !onSite.some(({ file }) => file === path)),
  ],
  rewrites,
  markdown: {
    // As on GitHub, so that links to headings work on both.
    anchor: { slugify: slug },
    config: (markdown) => {
      siteLinks(markdown, { base, fileOf });
      benchmarkCharts(markdown);
    },
  },
  vite: { plugins: [{ name: 'vue-for-pages', enforce: 'pre', resolveId: resolveVue }] },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Get started', link: '/get-started' },
      // Not a page of VitePress, and not there while it only serves: TypeDoc writes it at the end of a build.
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
    sidebar: SECTIONS.map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({ text: page.title, link: `/${page.route}` })),
    })),
    socialLinks: [{ icon: 'github', link: GITHUB }],
  },
  buildEnd: async ({ outDir }) => {
    writeFileSync(join(outDir, 'llms.txt'), llmsTxt(base));
    await buildApiReference(join(outDir, 'api'), base);
    const dead = deadSiteLinks(outDir, base);
    if (dead.length > 0) throw new Error(`Dead links on the site:\n${dead.join('\n')}`);
  },
});

/** The file that is being rendered. */
function fileOf({ relativePath = '' }: { relativePath?: string }): string {
  return files[relativePath] ?? relativePath;
}

/** The pages are above this package, where there is no Vue: they get that of VitePress. */
function resolveVue(
  this: { resolve(source: string, importer: string): Promise<{ id: string } | null> },
  source: string,
  importer: string | undefined,
) {
  const isOfPage = importer?.split('?')[0]?.endsWith('.md');
  return isOfPage && /^vue(?:\/|$)/.test(source) ? this.resolve(source, vitepress) : undefined;
}
