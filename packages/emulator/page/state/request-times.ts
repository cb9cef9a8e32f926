import type { Row, View } from './view.ts';

export type RowState = 'waiting' | 'running' | 'tail' | 'done';

export function rowState({ exchange, delivery, run }: Row): RowState {
  if (!run) return (exchange ?? delivery)?.endedAt === undefined ? 'waiting' : 'done';
  if (run.endedAt !== undefined) return 'done';
  return repliedAt({ exchange, run }) === undefined ? 'running' : 'tail';
}

/** When the caller began to wait. */
export function startedAt({
  exchange,
  delivery,
  run,
}: Pick<Row, 'exchange' | 'delivery' | 'run'>): number {
  return (exchange ?? delivery)?.startedAt ?? run?.init?.from ?? run?.startedAt ?? 0;
}

/** When the caller had the complete reply. */
export function repliedAt({
  exchange,
  run,
}: {
  exchange?: Row['exchange'] | undefined;
  run?: Row['run'] | undefined;
}): number | undefined {
  return exchange ? exchange.endedAt : run?.respondedAt;
}

/** From the request to the reply; counts up while there is none. */
export function replyMs(row: Row, now: number): number {
  const { exchange } = row;
  if (exchange?.durationMs !== undefined) return exchange.durationMs;
  return Math.max(0, (repliedAt(row) ?? row.run?.endedAt ?? now) - startedAt(row));
}

/** From the function's response to the end of its run; counts up while it runs. */
export function tailMs({ run }: Row, now: number): number | undefined {
  if (run?.tailMs !== undefined) return run.tailMs;
  if (run?.respondedAt === undefined) return undefined;
  return Math.max(0, (run.endedAt ?? now) - run.respondedAt);
}

export const isCold = ({ run }: Row): boolean => run?.init !== undefined;

export function hasFailed({ exchange, delivery, run }: Row): boolean {
  if ((delivery?.failed ?? 0) > 0) return true;
  if (exchange?.statusCode !== undefined && exchange.statusCode >= 500) return true;
  if (run?.functionError !== undefined) return true;
  return run?.status !== undefined && run.status !== 'success';
}

/** How it ended for whoever sent it: a status, an error, or how many messages of a batch have failed. */
export function rowStatus({ exchange, delivery, run }: Row): string | undefined {
  if (exchange) return exchange.statusCode === undefined ? undefined : String(exchange.statusCode);
  if (!delivery || delivery.failed === undefined) return run?.functionError;
  const { failed, messages } = delivery;
  return failed === 0 ? `${messages} done` : `${failed} of ${messages} failed`;
}

/** What the list calls a request. */
export function rowTitle({ exchange, delivery, run }: Row): { method: string; target: string } {
  if (exchange) return { method: exchange.method, target: exchange.target };
  if (delivery) return { method: 'queue', target: delivery.resource };
  return { method: 'invoke', target: run?.functionName ?? '' };
}

export const rowEnvironment = (view: View, { run, startingEnvironmentId }: Row) =>
  view.environments.get(run?.environmentId ?? startingEnvironmentId ?? '');

/** Whether anything counts up. */
export function isMoving(view: View): boolean {
  for (const { endedAt, phases } of view.environments.values()) {
    const kind = phases.at(-1)?.kind;
    if (endedAt === undefined && kind !== 'frozen') return true;
  }
  return [...view.waiting.values()].some((rows) => rows.length > 0);
}
