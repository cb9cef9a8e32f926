import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type MarkdownPage, readPage } from './markdown-page.ts';
import { ROOT } from './repository-pages.ts';

/** What is wrong with the links of a page that lead into the repository, one line each. */
export function deadLinks(page: MarkdownPage): string[] {
  return page.links.flatMap(({ line, target }) => {
    const reason = whyDead(page, target);
    return reason === undefined ? [] : [`${page.path}:${line}: ${target}: ${reason}`];
  });
}

function whyDead(page: MarkdownPage, target: string): string | undefined {
  if (/^[a-z]+:/i.test(target)) return undefined;
  const [encoded = '', anchor] = target.split('#');
  const path = encoded === '' ? page.path : join(page.path, '..', decodeURIComponent(encoded));
  if (path.startsWith('..')) return 'leads out of the repository';
  if (!existsSync(join(ROOT, path))) return `there is no ${path}`;
  if (anchor === undefined) return undefined;
  const file = pageOf(path);
  if (file === undefined) return `${path} has no headings`;
  return readPage(file).anchors.has(anchor) ? undefined : `no heading of ${file} has this name`;
}

/** The page that GitHub shows at a path: of a folder, its README. */
function pageOf(path: string): string | undefined {
  const file = statSync(join(ROOT, path)).isDirectory() ? join(path, 'README.md') : path;
  return file.endsWith('.md') && existsSync(join(ROOT, file)) ? file : undefined;
}
