import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readmeRows } from '../../conformance/readme-table.ts';
import { RULES } from '../../conformance/rules.ts';

const README = new URL('../../README.md', import.meta.url);
/** The head of the table, and its line of dashes, stay. */
const ROWS = /(<!-- conformance: begin -->\n.*\n.*\n)[\s\S]*?(<!-- conformance: end -->)/;

it('the README counts the rules of every interface, and their sources', () => {
  const readme = readFileSync(README, 'utf8');
  const counted = readme.replace(
    ROWS,
    (_, head, end) => `${head}${readmeRows(RULES).join('\n')}\n${end}`,
  );
  if (process.env.UPDATE_DOCS) writeFileSync(README, counted);
  expect(readme, 'Out of date. Run the test again with UPDATE_DOCS=1, and commit the README.').toBe(
    counted,
  );
  expect(readme).toMatch(ROWS);
});
