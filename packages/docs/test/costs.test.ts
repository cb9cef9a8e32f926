import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { concurrencyTable, costTable } from '../src/cost-table.ts';
import { ROOT } from '../src/repository-pages.ts';

const PAGE = join(ROOT, 'docs/costs.md');
const page = readFileSync(PAGE, 'utf8');

function priceOf(label: string): number {
  const cell = page
    .split('\n')
    .find((line) => line.startsWith(`| ${label} | `))
    ?.split('|')[2];
  return Number(cell ?? Number.NaN);
}

/** The page with these rows in place of those between its marks. */
function withRows(text: string, mark: string, rows: readonly string[]): string {
  const between = new RegExp(`(<!-- ${mark}: begin -->\n.*\n.*\n)[^]*?(<!-- ${mark}: end -->)`);
  return text.replace(between, (_, head, end) => `${head}${rows.join('\n')}\n${end}`);
}

it('the tables of docs/costs.md follow from the prices on the page', () => {
  const prices = {
    gbSecond: priceOf('Lambda, x86: 1 GB-second'),
    millionRequests: priceOf('Lambda: 1 million requests'),
    millionQueueRequests: priceOf('SQS, standard queue: 1 million requests'),
  };
  const computed = withRows(
    withRows(page, 'cost table', costTable(prices)),
    'concurrency table',
    concurrencyTable(),
  );
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, computed);
  expect(page, 'Out of date. Run the test again with UPDATE_DOCS=1, and commit the page.').toBe(
    computed,
  );
});

it('a million tails of 1 s at 1,024 MB cost a million GB-seconds', () => {
  const row = costTable({
    gbSecond: 0.0000166667,
    millionRequests: 0.2,
    millionQueueRequests: 0.4,
  }).find((line) => line.startsWith('| 1 s | 1024 MB'));
  expect(row).toBe('| 1 s | 1024 MB | 1,000,000 | 16.67 | 16.87 | 18.07 | 17.17 |');
});
