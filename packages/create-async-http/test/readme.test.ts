import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Tool } from '../src/choices.ts';
import { projectFiles } from '../src/project-files.ts';

const README = join(import.meta.dirname, '../README.md');

/** The files that the page shows, of a project in TypeScript, and a tool that has them. */
const SHOWN: Readonly<Record<string, Tool>> = {
  'src/report.ts': 'serverless',
  'test/report.test.ts': 'serverless',
  'serverless.yml': 'serverless',
  'template.yaml': 'sam',
  'app.ts': 'cdk',
};

it('the README shows the files that are written', () => {
  const readme = readFileSync(README, 'utf8');
  const current = Object.entries(SHOWN).reduce((page, [path, tool]) => {
    const text = projectFiles({ name: 'my-app', language: 'ts', tool }).get(path) ?? '';
    const block = new RegExp(
      `(^\`${path.replaceAll('.', '\\.')}\`.*\n\n\`\`\`\\w+\n)[^]*?(?=^\`\`\`$)`,
      'm',
    );
    expect(page, path).toMatch(block);
    return page.replace(block, (_, head) => `${head}${text}`);
  }, readme);
  if (process.env.UPDATE_DOCS) writeFileSync(README, current);
  expect(readme, 'Out of date. Run the test again with UPDATE_DOCS=1, and commit the page.').toBe(
    current,
  );
});
