import { describe, expect, it } from 'vitest';
import { deadLinks } from '../src/dead-links.ts';
import { parsePage, readPage } from '../src/markdown-page.ts';
import { repositoryPages } from '../src/repository-pages.ts';

const pages = repositoryPages();

it('finds the pages of the repository', () => {
  expect(pages).toEqual(
    expect.arrayContaining([
      'README.md',
      'docs/reliability.md',
      'packages/client/README.md',
      'examples/queue/README.md',
      '.github/pull_request_template.md',
    ]),
  );
});

it.each(pages)('every link of %s into the repository leads somewhere', (path) => {
  expect(deadLinks(readPage(path))).toEqual([]);
});

describe('a dead link', () => {
  const find = (text: string) => deadLinks(parsePage('docs/page.md', text));

  it('names a file that does not exist', () => {
    expect(find('\n[a](nowhere.md)')).toEqual([
      'docs/page.md:2: nowhere.md: there is no docs/nowhere.md',
    ]);
  });

  it('names a heading that does not exist', () => {
    expect(find('[a](reliability.md#the-guarantee)')).toEqual([
      'docs/page.md:1: reliability.md#the-guarantee: no heading of docs/reliability.md has this name',
    ]);
  });

  it('can be written in HTML', () => {
    expect(find('<td>\n<a href="../none">a</a></td>')).toHaveLength(1);
  });

  it('can lead out of the repository', () => {
    expect(find('[a](../../other/README.md)')).toEqual([
      'docs/page.md:1: ../../other/README.md: leads out of the repository',
    ]);
  });

  it('is not one that leads to a heading with code in it, or to the README of a folder', () => {
    expect(
      find('[a](../packages/proxy#consumer) [b](../packages/client/README.md#waituntilwork)'),
    ).toEqual([]);
  });
});
