import type { Job, Row, View } from './view.ts';

/** What the page keeps; the oldest goes first. */
export interface Bounds {
  readonly rows: number;
  readonly lines: number;
  /** Of all lines together. */
  readonly characters: number;
  readonly jobs: number;
  readonly environments: number;
  readonly lost: number;
}

const BOUNDS: Bounds = {
  rows: 10_000,
  lines: 100_000,
  characters: 50_000_000,
  jobs: 20_000,
  environments: 2_000,
  lost: 5_000,
};

/** Rows go in groups: taking them from the front one by one would move all others each time. */
const GROUP = 200;
/** Lines that the only request with lines loses at once. */
const LINES = 1_000;

export function boundHistory(view: View, bounds: Bounds = BOUNDS): void {
  if (view.rows.length >= bounds.rows + GROUP) forgetRows(view, view.rows.length - bounds.rows);
  while (view.keptLines > bounds.lines || view.keptCharacters > bounds.characters) {
    if (!forgetOldestLines(view)) break;
  }
  for (const job of view.jobs.values()) {
    if (view.jobs.size <= bounds.jobs) break;
    view.jobs.delete(job.key);
    forgetJobOfRequest(view, job);
  }
  for (const key of view.lost.keys()) {
    if (view.lost.size <= bounds.lost) break;
    view.lost.delete(key);
  }
  if (view.environments.size > bounds.environments) forgetEndedEnvironment(view);
}

function forgetJobOfRequest(view: View, job: Job): void {
  const left = view.jobsByRequestId.get(job.requestId ?? '')?.filter((one) => one !== job) ?? [];
  if (left.length > 0) view.jobsByRequestId.set(job.requestId ?? '', left);
  else view.jobsByRequestId.delete(job.requestId ?? '');
}

function forgetRows(view: View, count: number): void {
  for (const row of view.rows.splice(0, count)) {
    emptyLines(view, row);
    if (row.exchange) view.rowsByNumber.delete(row.exchange.number);
    forgetDelivery(view, row);
    // A repeated invocation has the id of its first run.
    if (row.run && view.rowsByRequestId.get(row.run.requestId) === row) {
      view.rowsByRequestId.delete(row.run.requestId);
    }
  }
  view.emptiedRows = Math.max(0, view.emptiedRows - count);
  view.forgotten.requests += count;
}

function forgetDelivery(view: View, row: Row): void {
  for (const { messageId } of row.delivery?.records ?? []) {
    const left = view.deliveries.get(messageId)?.filter((one) => one !== row) ?? [];
    if (left.length > 0) view.deliveries.set(messageId, left);
    else view.deliveries.delete(messageId);
  }
}

function forgetOldestLines(view: View): boolean {
  const row = view.rows[view.emptiedRows];
  if (!row) return false;
  if (view.emptiedRows < view.rows.length - 1) {
    emptyLines(view, row);
    view.emptiedRows += 1;
    return true;
  }
  return emptyLines(view, row, LINES) > 0;
}

function emptyLines(view: View, { run }: Row, count = Number.POSITIVE_INFINITY): number {
  if (!run) return 0;
  const gone = run.lines.splice(0, count);
  run.forgottenLines += gone.length;
  view.keptLines -= gone.length;
  view.forgotten.lines += gone.length;
  for (const { line } of gone) view.keptCharacters -= line.length;
  return gone.length;
}

function forgetEndedEnvironment(view: View): void {
  for (const { id, endedAt } of view.environments.values()) {
    if (endedAt !== undefined) {
      view.environments.delete(id);
      return;
    }
  }
}
