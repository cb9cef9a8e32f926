import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { ROOT } from './repository-pages.ts';
import { PAGES } from './site-pages.ts';

export const GITHUB = 'https://github.com/async-http/async-http';

/**
 * Where a link that works on GitHub leads on the site: to another page of it, or to the file on GitHub.
 *
 * @throws when there is neither, so that a dead link fails the build
 */
export function siteLink(from: string, target: string): string {
  if (/^(?:[a-z]+:|#|\/)/i.test(target)) return target;
  const [path = '', anchor] = target.split('#');
  const file = join(from, '..', decodeURIComponent(path)).replace(/\/$/, '');
  const page = PAGES.find((known) => known.file === file || known.file === `${file}/README.md`);
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (page) return `/${page.route}.html${hash}`;
  const kind = statSync(join(ROOT, file)).isDirectory() ? 'tree' : 'blob';
  return `${GITHUB}/${kind}/main/${file}${hash}`;
}

/** A plugin of markdown-it that writes the links of a page for the site, also those in HTML. */
export function siteLinks(
  markdown: MarkdownRenderer,
  { base, fileOf }: { base: string; fileOf: (env: { relativePath?: string }) => string },
): void {
  markdown.core.ruler.push('site-links', ({ tokens, env }) => {
    const from = fileOf(env);
    // VitePress puts the base before the links that it knows, and these it does not.
    const inHtml = (html: string) =>
      html.replace(
        /href="([^"]+)"/g,
        (_, target) => `href="${siteLink(from, target).replace(/^\//, base)}"`,
      );
    for (const token of tokens.flatMap((outer) => [outer, ...(outer.children ?? [])])) {
      if (token.type === 'link_open') {
        token.attrSet('href', siteLink(from, token.attrGet('href') ?? ''));
      }
      if (token.type.startsWith('html_')) token.content = inHtml(token.content);
    }
  });
}
