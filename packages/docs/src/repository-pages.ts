import { globSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '../../..');

/** All Markdown files that people read in the repository, from its root. Changesets become lines of change logs elsewhere. */
export function repositoryPages(): string[] {
  return globSync(
    '{*.md,.github/**/*.md,docs/**/*.md,examples/**/*.md,infra/**/*.md,packages/**/*.md}',
    {
      cwd: ROOT,
      exclude: (name) =>
        /(?:^|\/)(?:node_modules|dist|packs|\.vitepress|CHANGELOG\.md)$/.test(name),
    },
  ).sort();
}
