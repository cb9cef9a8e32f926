import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The links of a built site, below `base`, that lead to none of its files. */
export function deadSiteLinks(folder: string, base: string): string[] {
  return globSync('**/*.html', { cwd: folder }).flatMap((page) => {
    const html = readFileSync(join(folder, page), 'utf8');
    const targets = [...html.matchAll(/\s(?:href|src)="([^"#?]+)/g)].map(
      ([, target = '']) => target,
    );
    return [...new Set(targets)]
      .filter((target) => !/^(?:[a-z]+:|\/\/)/i.test(target))
      .filter((target) => !isFile(join(folder, pathOf(target, page, base))))
      .map((target) => `${page}: ${target}`);
  });
}

function pathOf(target: string, page: string, base: string): string {
  const path = decodeURIComponent(target);
  return path.startsWith('/') ? relative(base, path) : join(dirname(page), path);
}

function isFile(path: string): boolean {
  return existsSync(path) && (statSync(path).isFile() || existsSync(join(path, 'index.html')));
}
