import type { Budget, Figure, Measured, Series } from './figure.ts';
import { percentile } from './statistics.ts';

/** What was found out about one figure. Values are in its unit. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: Figure['unit'];
  readonly budget: Budget | undefined;
  /** Median of ours, in medians of the limit. */
  readonly timesLimit: number | undefined;
  /** Undefined without a budget. */
  readonly isMet: boolean | undefined;
  readonly series: readonly Row[];
}

export interface Row {
  readonly role: 'ours' | 'limit' | 'peer';
  readonly what: string;
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
}

export function toResult(
  { name, title, unit, budget }: Figure,
  { ours, otherModes = [], limit, peers = [] }: Measured,
): Result {
  const our = toRow('ours', ours);
  const theirs = limit && toRow('limit', limit);
  const timesLimit = theirs && our.p50 / theirs.p50;
  return {
    name,
    title,
    unit,
    budget,
    timesLimit,
    isMet: budget && isMet(budget, our.p50, theirs?.p50),
    series: [
      our,
      ...otherModes.map((mode) => toRow('ours', mode)),
      ...(theirs ? [theirs] : []),
      ...peers.map((peer) => toRow('peer', peer)),
    ],
  };
}

function toRow(role: Row['role'], { what, samples }: Series): Row {
  const [p50, p99] = [percentile(samples, 50), percentile(samples, 99)];
  return { role, what, samples: samples.length, p50, p99 };
}

function isMet(budget: Budget, p50: number, limit = Number.NaN): boolean {
  if ('units' in budget) return p50 <= budget.units;
  if ('unitsOverLimit' in budget) return p50 - limit <= budget.unitsOverLimit;
  return p50 / limit <= budget.timesLimit;
}
