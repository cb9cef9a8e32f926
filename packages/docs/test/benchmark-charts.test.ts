import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkChart } from '../src/benchmark-chart.ts';
import { withCharts } from '../src/benchmark-charts.ts';
import { readFigures } from '../src/benchmark-table.ts';
import { ROOT } from '../src/repository-pages.ts';
import { HOME } from '../src/site-pages.ts';

const bench = readFileSync(join(ROOT, 'packages/bench/README.md'), 'utf8');
const home = readFileSync(join(ROOT, HOME.file), 'utf8');

it('every row of the table belongs to a figure', () => {
  const rows = bench.match(/^\|.*\| (?:ours|limit|peer) +\|/gm) ?? [];
  expect(rows.length).toBeGreaterThan(30);
  expect(readFigures().flatMap((figure) => figure.rows)).toHaveLength(rows.length);
});

describe('the home page', () => {
  const charts = withCharts(home).match(/<svg.*?<\/svg>/gs) ?? [];

  it('shows pictures', () => {
    expect(charts.length).toBeGreaterThan(2);
  });

  it('shows no number that is not in the table', () => {
    const values = charts.flatMap((chart) =>
      [...chart.matchAll(/>([\d.]+ (?:ms|µs|MiB))</g)].map(([, value]) => value),
    );
    expect(values.length).toBeGreaterThan(8);
    for (const value of values) expect(bench).toContain(`| ${value} `);
  });

  it('measures in one unit within a picture', () => {
    for (const chart of charts) {
      expect(new Set(chart.match(/(?<=>[\d.]+ )(?:ms|µs|MiB)(?=<)/g)).size).toBe(1);
    }
  });
});

describe('a picture', () => {
  const chart = benchmarkChart({
    title: 'cold < warm',
    rows: [
      { role: 'ours', what: 'us', p50: '50.0 ms' },
      { role: 'peer', what: 'them', p50: '100 ms' },
    ],
  });

  it('has bars as long as the medians', () => {
    const [first, second] = [...chart.matchAll(/<rect .*? width="(\d+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(first).toBe((second ?? 0) / 2);
  });

  it('takes all colours from the site', () => {
    expect(chart.match(/fill: [^;"]+/g)?.every((fill) => fill.includes('var(--vp-c-'))).toBe(true);
  });

  it('can be of any title', () => {
    expect(chart).toContain('>Cold &lt; warm<');
  });

  it('of a figure that the benchmark does not have fails the build', () => {
    expect(() => withCharts('<!-- benchmark: none -->')).toThrow('no figure "none"');
  });
});
