import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { llmsTxt } from '../src/llms-txt.ts';
import { readPage } from '../src/markdown-page.ts';
import { ROOT } from '../src/repository-pages.ts';
import { siteLink } from '../src/site-links.ts';
import { HOME, PAGES } from '../src/site-pages.ts';

describe('the site', () => {
  const files = PAGES.map(({ file }) => file);

  it('has every page of docs, and the README of every package', () => {
    const wanted = globSync(['docs/*.md', 'packages/*/README.md'], { cwd: ROOT });
    expect(files).toEqual(expect.arrayContaining(wanted));
  });

  it('has no address twice', () => {
    expect(new Set(PAGES.map(({ route }) => route)).size).toBe(PAGES.length);
  });

  it('begins with links to headings that exist', () => {
    const home = readFileSync(join(ROOT, HOME.file), 'utf8');
    const links = [...home.matchAll(/link: \/([\w/-]+)(?:#(\S+))?/g)];
    expect(links.length).toBeGreaterThan(5);
    for (const [link, route, anchor] of links) {
      const file = PAGES.find((page) => page.route === route)?.file;
      expect(file, link).toBeDefined();
      if (anchor) expect([...readPage(file ?? '').anchors], link).toContain(anchor);
    }
  });

  it('is listed in llms.txt, each page with a sentence about it', () => {
    const lines = llmsTxt('/base/').match(/^- .*/gm) ?? [];
    expect(lines).toHaveLength(PAGES.length);
    for (const line of lines) expect(line).toMatch(/^- \[.+\]\(\/base\/[\w/-]+\.html\): .+\.$/);
  });
});

describe('a link of the repository leads on the site', () => {
  it.each([
    ['docs/costs.md', '../packages/proxy/README.md#consumer', '/reference/proxy.html#consumer'],
    ['packages/extension/README.md', '../layer-builder', '/reference/layer-builder.html'],
    ['docs/costs.md', '../README.md#use', '/get-started.html#use'],
    ['README.md', 'docs/reliability.md', '/reliability.html'],
    ['README.md', '#use', '#use'],
    ['README.md', 'https://standardschema.dev', 'https://standardschema.dev'],
    [
      'README.md',
      'examples/queue',
      'https://github.com/async-http/async-http/tree/main/examples/queue',
    ],
    [
      'docs/reliability.md',
      '../packages/e2e/test/fault-matrix.test.ts',
      'https://github.com/async-http/async-http/blob/main/packages/e2e/test/fault-matrix.test.ts',
    ],
  ])('from %s, %s, to %s', (from, target, expected) => {
    expect(siteLink(from, target)).toBe(expected);
  });

  it('nowhere, as an error, when there is no such file', () => {
    expect(() => siteLink('README.md', 'docs/none.md')).toThrow('ENOENT');
  });
});
