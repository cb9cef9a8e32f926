import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPage } from '../src/markdown-page.ts';
import { ROOT } from '../src/repository-pages.ts';

/** What stands between two literals in the source, or in place of a value: names, quotes, line ends. */
const sources = globSync(['packages/*/src/**/*.ts', 'packages/extension/src/launcher/async-http'], {
  cwd: ROOT,
  exclude: ['**/node_modules'],
})
  .map((path) => readFileSync(join(ROOT, path), 'utf8').replaceAll(/['`"] \+\s+['`"]/g, ''))
  .join('\n');

const troubleshooting = readPage('docs/troubleshooting.md')
  .codeBlocks.filter(({ language }) => language === 'text')
  .flatMap(({ code }) => code.split('\n'))
  .filter((text) => text !== '');

const observability = [
  ...readFileSync(join(ROOT, 'docs/observability.md'), 'utf8').matchAll(
    /^\| (?:INFO|WARN|ERROR) \| `(.+?)` \|/gm,
  ),
].map(([, text = '']) => text);

/** The parts of a text that do not differ from one message to the next. */
const partsOf = (text: string) =>
  text
    .split('…')
    .map((part) => part.trim())
    .filter((part) => /[a-z]{4}/i.test(part));

it('there are texts to compare', () => {
  expect(troubleshooting.length).toBeGreaterThan(30);
  expect(observability.length).toBeGreaterThan(12);
});

it.each([...troubleshooting, ...observability])('a text of our sources: %s', (text) => {
  expect(partsOf(text).filter((part) => !sources.includes(part))).toEqual([]);
});
