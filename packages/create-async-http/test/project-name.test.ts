import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { projectName } from '../src/project-name.ts';

it.each([
  ['my-app', 'my-app'],
  ['../apps/My App/', 'my-app'],
  ['2026_über.report', 'uber-report'],
  ['@scope', 'scope'],
  ['日本', 'my-app'],
  ['a', 'my-app'],
  [`${'long-'.repeat(20)}name`, `${'long-'.repeat(7)}long`],
  ['.', basename(process.cwd())],
])('the project in %s is named %s', (folder, name) => {
  expect(projectName(folder)).toBe(name);
});
