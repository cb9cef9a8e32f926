import { beginPhase, environmentOf } from './environments.ts';
import type { EventOf } from './page-event.ts';
import type { Delivery, Environment, Row, Run, View } from './view.ts';

type HttpEvent = EventOf<'http.request' | 'http.response'>;
type RunEvent = EventOf<'invoke.start' | 'response' | 'runtime.done' | 'invoke.end' | 'throttled'>;

export function addHttpEvent(view: View, event: HttpEvent): void {
  if (event.type === 'http.request') {
    const { request: number, at: startedAt, method, target, functionName, routeKey } = event;
    const row = addRow(view);
    row.exchange = {
      number,
      method,
      target,
      startedAt,
      ...(functionName !== undefined && { functionName }),
      ...(routeKey !== undefined && { routeKey }),
    };
    view.rowsByNumber.set(number, row);
    if (functionName !== undefined) waitingOf(view, functionName).push(row);
    return;
  }
  const row = view.rowsByNumber.get(event.request);
  if (!row?.exchange) return;
  const { exchange } = row;
  exchange.endedAt = event.at;
  exchange.statusCode = event.statusCode;
  exchange.durationMs = event.durationMs;
  if (event.problem !== undefined) exchange.problem = event.problem;
  if (event.requestId !== undefined) correctRun(view, row, event.requestId);
  if (exchange.functionName !== undefined) stopWaiting(view, exchange.functionName, row);
}

export function addRunEvent(view: View, event: RunEvent): void {
  const { requestId, at } = event;
  if (requestId === undefined) return;
  if (event.type === 'invoke.start') {
    startRun(view, event, requestId);
    return;
  }
  const row = view.rowsByRequestId.get(requestId);
  if (!row?.run) return;
  const { run } = row;
  const environment = view.environments.get(run.environmentId);
  switch (event.type) {
    case 'response':
      run.respondedAt = at;
      run.responseBytes = event.bytes;
      if (event.functionError !== undefined) run.functionError = event.functionError;
      if (environment) serve(environment, at);
      break;
    case 'runtime.done':
      run.runtimeDoneAt = at;
      break;
    case 'invoke.end':
      run.endedAt = at;
      run.tailMs = event.tailMs;
      run.status = event.status;
      if (environment) {
        environment.running.delete(run);
        serve(environment, at);
      }
      break;
    case 'throttled':
      break;
    default:
      event satisfies never;
  }
}

function startRun(view: View, event: EventOf<'invoke.start'>, requestId: string): void {
  const { at, functionName, environmentId } = event;
  const environment = environmentOf(view, event);
  const init = environment.unusedInit;
  delete environment.unusedInit;
  const run: Run = {
    requestId,
    functionName,
    environmentId,
    startedAt: at,
    ...(init && { init }),
    extensions: new Map(),
    lines: [],
    forgottenLines: 0,
    jobs: [],
    lost: new Map(),
  };
  // Which request over HTTP it belongs to is only known with its response; until then, the oldest one that waits.
  const row = rowFor(view, functionName, requestId);
  row.run = run;
  view.rowsByRequestId.set(requestId, row);
  environment.running.add(run);
  environment.requests += 1;
  for (const extension of environment.extensions.values()) {
    if (extension.events.includes('INVOKE')) extension.busySince = at;
  }
  serve(environment, at);
}

/** Begins the phase that its runs make: on Managed Instances they are several, and one caller that waits decides. */
function serve(environment: Environment, at: number): void {
  const runs = [...environment.running];
  const isWaitedFor = runs.some(({ respondedAt }) => respondedAt === undefined);
  const kind = isWaitedFor ? 'reply' : runs.length > 0 ? 'tail' : 'idle';
  const last = environment.phases.at(-1);
  if (last?.kind === kind && (last.requests ?? 1) === Math.max(1, runs.length)) return;
  const phase = beginPhase(environment, kind, at);
  if (runs.length > 1) phase.requests = runs.length;
}

/** A batch has named its run; any other one may be that of the HTTP request that has waited longest. */
function rowFor(view: View, functionName: string, requestId: string): Row {
  const named = view.rowsByRequestId.get(requestId);
  const row =
    named?.delivery && !named.run
      ? named
      : waitingOf(view, functionName).find(({ delivery }) => !delivery);
  if (!row) return addRow(view);
  stopWaiting(view, functionName, row);
  return row;
}

/** Gives the row the run that its response names, and that run's row what this one had. */
function correctRun(view: View, row: Row, requestId: string): void {
  if (row.run?.requestId === requestId) return;
  const other = view.rowsByRequestId.get(requestId);
  if (!other?.run || (other.exchange?.endedAt !== undefined && other !== row)) return;
  const mine = row.run;
  moveRun(view, other.run, row);
  if (mine) moveRun(view, mine, other);
  else {
    delete other.run;
    if (other.exchange?.functionName !== undefined) {
      waitingOf(view, other.exchange.functionName).push(other);
    } else view.rows.splice(view.rows.indexOf(other), 1);
  }
}

function moveRun(view: View, run: Run, to: Row): void {
  to.run = run;
  view.rowsByRequestId.set(run.requestId, to);
}

/** @param delivery of a queue, if it is one */
export function addRow(view: View, delivery?: Delivery): Row {
  view.addedRows += 1;
  const row: Row = { key: String(view.addedRows), ...(delivery && { delivery }) };
  view.rows.push(row);
  return row;
}

export function waitingOf(view: View, functionName: string): Row[] {
  const rows = view.waiting.get(functionName) ?? [];
  view.waiting.set(functionName, rows);
  return rows;
}

export function stopWaiting(view: View, functionName: string, row: Row): void {
  const rows = waitingOf(view, functionName);
  const index = rows.indexOf(row);
  if (index >= 0) rows.splice(index, 1);
}
