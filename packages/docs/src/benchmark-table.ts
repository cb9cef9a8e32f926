import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository-pages.ts';

export interface Measured {
  /** `ours`, `limit` or `peer`. */
  readonly role: string;
  readonly what: string;
  /** The median as the table shows it, with its unit. */
  readonly p50: string;
}

export interface Figure {
  readonly title: string;
  readonly rows: readonly Measured[];
}

/** The figures of the latest run, from the table in the README of the benchmark. */
export function readFigures(): Figure[] {
  const readme = readFileSync(join(ROOT, 'packages/bench/README.md'), 'utf8');
  const figures: { title: string; rows: Measured[] }[] = [];
  for (const line of readme.split('\n')) {
    const [, title = '', role = '', what = '', p50 = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    if (!/^(?:ours|limit|peer)$/.test(role)) continue;
    if (title !== '') figures.push({ title, rows: [] });
    figures.at(-1)?.rows.push({ role, what: what.replace(/ \(n = \d+\)$/, ''), p50 });
  }
  return figures;
}
