import type { Budget, Unit } from './figure.ts';
import type { Result, Row, Verdict } from './result.ts';

const HEAD = ['figure', '', 'measured', 'p50', 'p99', '× limit', 'budget', 'met'];

/** A percentile of a handful is only its largest. */
const MIN_SAMPLES_P99 = 100;

/** A Markdown table with aligned columns: a block of rows for each figure, ours first. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.series.map((row, index) => [
      index === 0 ? result.title : '',
      row.role,
      `${row.what} (n = ${row.samples})`,
      amount(row.p50, result.unit),
      row.samples >= MIN_SAMPLES_P99 ? amount(row.p99, result.unit) : '',
      ...(index === 0 ? [times(result), ...verdict(result)] : ['', '', '']),
    ]),
  );
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}

/** A sentence for each missed budget. */
export function misses(results: readonly Result[]): string[] {
  return results.flatMap(({ name, unit, budgets }) =>
    budgets
      .filter(({ isMet }) => !isMet)
      .map(({ budget }) => `missed: ${name} ${spelled(budget, unit)}`),
  );
}

function times({ timesLimit, series: [ours] }: Result): string {
  if (timesLimit === undefined || !Number.isFinite(timesLimit.p50)) return '';
  const p50 = timesLimit.p50.toFixed(2);
  return (ours?.samples ?? 0) >= MIN_SAMPLES_P99 ? `${p50} · ${timesLimit.p99.toFixed(2)}` : p50;
}

function verdict({ unit, budgets }: Result): string[] {
  const mark = ({ isMet }: Verdict) => (isMet ? 'yes' : 'NO');
  return [
    budgets.map(({ budget }) => spelled(budget, unit)).join(' · '),
    budgets.map(mark).join(' · '),
  ];
}

function spelled(budget: Budget, unit: Unit): string {
  if ('units' in budget) return `≤ ${budget.units} ${unit}`.trim();
  if ('belowPeer' in budget) return '< first peer';
  if ('unitsOverLimit' in budget) return `≤ limit + ${budget.unitsOverLimit} ${unit}`;
  return `≤ ${budget.timesLimit} × limit${budget.of === 'p99' ? ' (p99)' : ''}`;
}

function amount(value: Row['p50'], unit: Unit): string {
  if (unit === '') return String(value);
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
}
