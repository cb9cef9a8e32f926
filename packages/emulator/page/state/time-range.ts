import { repliedAt, rowEnvironment, startedAt } from './request-times.ts';
import type { Row, View } from './view.ts';

/** A stretch of the time axis, in epoch ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const SHORTEST_MS = 1;

/** The request, and a little of what came after it: whether the environment froze. */
export function requestRange(row: Row, now: number): Range {
  const from = startedAt(row);
  const to = row.run ? (row.run.endedAt ?? now) : (repliedAt(row) ?? now);
  const length = Math.max(20, to - from);
  return { from: from - length * 0.02, to: from + length * 1.16 };
}

/** The life of the request's environment, up to now. */
export function wholeRange(view: View, row: Row, now: number): Range {
  const request = requestRange(row, now);
  const environment = rowEnvironment(view, row);
  if (!environment) return request;
  const end = environment.endedAt ?? now;
  const from = Math.min(environment.startedAt, request.from);
  return { from, to: Math.max(end, request.to, from + SHORTEST_MS) };
}

/** Up to the moment in which what the request left behind went on. */
export function leftBehindRange(row: Row, now: number): Range {
  const request = requestRange(row, now);
  const ends = [...(row.run?.lost.values() ?? [])].map(({ resumedAt }) => resumedAt ?? now);
  const to = Math.max(request.to, ...ends);
  const pad = (to - request.from) * 0.06;
  return { from: request.from - pad / 3, to: to + pad };
}

/** @param factor Below 1 zooms in. @param around Instant that stays where it is. */
export function zoomed({ from, to }: Range, factor: number, around: number, limits: Range): Range {
  return within(
    { from: around - (around - from) * factor, to: around + (to - around) * factor },
    limits,
  );
}

/** @param share Of the length of the range; negative goes back in time. */
export function moved({ from, to }: Range, share: number, limits: Range): Range {
  const by = Math.max(limits.from - from, Math.min(limits.to - to, (to - from) * share));
  return { from: from + by, to: to + by };
}

export function within({ from, to }: Range, limits: Range): Range {
  const start = Math.max(limits.from, Math.min(from, limits.to - SHORTEST_MS));
  return { from: start, to: Math.min(limits.to, Math.max(to, start + SHORTEST_MS)) };
}

/** Where an instant is, in per cent of the range. */
export function place(at: number, { from, to }: Range): number {
  return ((at - from) / (to - from)) * 100;
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((step) => [step, step * 1_000]);
const LONG_STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600].map((minutes) => minutes * 60_000);
const ALL_STEPS = [...STEPS.filter((step) => step < 60_000), ...LONG_STEPS].sort((a, b) => a - b);

/** Instants for the axis, as ms after `zero`; about so many. */
export function ticks({ from, to }: Range, zero: number, about: number): number[] {
  const step = ALL_STEPS.find((each) => (to - from) / each <= about) ?? (to - from) / about;
  const first = Math.ceil((from - zero) / step);
  const last = Math.floor((to - zero) / step);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * step,
  );
}
