import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { deadSiteLinks } from '../src/dead-site-links.ts';

function site(pages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-http-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, html] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), html);
  }
  return folder;
}

it('a link of the site leads to a file, or to the index of a folder', () => {
  const folder = site({
    'index.html':
      '<a href="/docs/api/">a</a> <a href="api/one.html#x">b</a> <a href="https://a.b">c</a>',
    'api/index.html': '<a href="../index.html">d</a> <img src="/docs/">',
    'api/one.html': '<a href="#top">e</a>',
  });
  expect(deadSiteLinks(folder, '/docs/')).toEqual([]);
});

it('one that leads nowhere is named, with its page', () => {
  const folder = site({
    'api/index.html': '<a class="x" href="two.html">a</a><a href="/none.js">b</a>',
  });
  expect(deadSiteLinks(folder, '/')).toEqual([
    'api/index.html: two.html',
    'api/index.html: /none.js',
  ]);
});
