import {
  hasFailed,
  isCold,
  rowEnvironment,
  rowState,
  rowStatus,
  rowTitle,
} from './request-times.ts';
import type { Row, View } from './view.ts';

export const FILTERS = ['all', 'running', 'failed', 'cold', 'jobs'] as const;
export type Filter = (typeof FILTERS)[number];

/** Newest first. The text is searched in method, path, status, function, environment, ids and log lines. */
export function filterRows(view: View, filter: Filter, text: string): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return view.rows
    .filter((row) => fits(row, filter) && words.every((word) => mentions(view, row, word)))
    .reverse();
}

function fits(row: Row, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return rowState(row) !== 'done';
    case 'failed':
      return hasFailed(row) || (row.run?.jobs.some(({ state }) => state === 'failed') ?? false);
    case 'cold':
      return isCold(row);
    case 'jobs':
      return (row.run?.jobs.length ?? 0) > 0;
    default:
      return filter satisfies never;
  }
}

function mentions(view: View, row: Row, word: string): boolean {
  const { exchange, delivery, run } = row;
  const { method, target } = rowTitle(row);
  const texts = [
    method,
    target,
    rowStatus(row),
    exchange?.routeKey,
    exchange && `#${exchange.number}`,
    rowEnvironment(view, row)?.name ?? (exchange ?? delivery)?.functionName,
    run?.requestId,
  ];
  return (
    texts.some((text) => text?.toLowerCase().includes(word)) ||
    (delivery?.records.some(({ messageId }) => messageId.includes(word)) ?? false) ||
    (run?.jobs.some(({ id }) => id.toLowerCase().includes(word)) ?? false) ||
    (run?.lines.some(({ line }) => line.toLowerCase().includes(word)) ?? false)
  );
}
