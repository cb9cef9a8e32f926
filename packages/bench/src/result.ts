import type { Budget, Figure, Measured, Percentile, Series } from './figure.ts';
import { percentile } from './statistics.ts';

/** What was found out about one figure. Values are in its unit. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: Figure['unit'];
  /** Ours in the limit. */
  readonly timesLimit: Readonly<Record<Percentile, number>> | undefined;
  readonly budgets: readonly Verdict[];
  readonly series: readonly Row[];
}

export interface Verdict {
  readonly budget: Budget;
  readonly isMet: boolean;
}

export interface Row {
  readonly role: 'ours' | 'limit' | 'peer';
  readonly what: string;
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
}

export function toResult(
  { name, title, unit, budgets = [] }: Figure,
  { ours, otherModes = [], limit, peers = [] }: Measured,
): Result {
  const our = toRow('ours', ours);
  const least = limit && toRow('limit', limit);
  const others = peers.map((peer) => toRow('peer', peer));
  return {
    name,
    title,
    unit,
    timesLimit: least && { p50: our.p50 / least.p50, p99: our.p99 / least.p99 },
    budgets: budgets.map((budget) => ({ budget, isMet: isMet(budget, our, least, others[0]) })),
    series: [
      our,
      ...otherModes.map((mode) => toRow('ours', mode)),
      ...(least ? [least] : []),
      ...others,
    ],
  };
}

function toRow(role: Row['role'], { what, samples }: Series): Row {
  const [p50, p99] = [percentile(samples, 50), percentile(samples, 99)];
  return { role, what, samples: samples.length, p50, p99 };
}

/** What has nothing to be compared with does not meet its budget. */
function isMet(budget: Budget, our: Row, limit: Row | undefined, peer: Row | undefined): boolean {
  if ('units' in budget) return our.p50 <= budget.units;
  if ('belowPeer' in budget) return peer !== undefined && our.p50 < peer.p50;
  if (limit === undefined) return false;
  if ('unitsOverLimit' in budget) return our.p50 - limit.p50 <= budget.unitsOverLimit;
  const { timesLimit, of = 'p50' } = budget;
  return our[of] <= timesLimit * limit[of];
}
