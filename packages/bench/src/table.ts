import type { Budget } from './figure.ts';
import type { Result, Row } from './result.ts';

const HEAD = ['figure', '', 'measured', 'p50', 'p99', '× limit', 'budget', 'met'];

/** A Markdown table with aligned columns: a block of rows for each figure, ours first. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.series.map((row, index) => [
      index === 0 ? result.title : '',
      row.role,
      `${row.what} (n = ${row.samples})`,
      amount(row.p50, result.unit),
      // A percentile of a handful is only its largest.
      row.samples >= 100 ? amount(row.p99, result.unit) : '',
      ...(index === 0 ? verdict(result) : ['', '', '']),
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

function verdict({ unit, budget, timesLimit, isMet }: Result): string[] {
  const times = timesLimit === undefined ? '' : timesLimit.toFixed(2);
  if (budget === undefined) return [times, '', ''];
  return [times, spelled(budget, unit), isMet ? 'yes' : 'NO'];
}

function spelled(budget: Budget, unit: string): string {
  if ('units' in budget) return `≤ ${budget.units} ${unit}`;
  if ('unitsOverLimit' in budget) return `≤ limit + ${budget.unitsOverLimit} ${unit}`;
  return `≤ ${budget.timesLimit} × limit`;
}

function amount(value: Row['p50'], unit: string): string {
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
}
