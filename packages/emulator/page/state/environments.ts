import { claimStart } from './claim-start.ts';
import type { EventOf } from './page-event.ts';
import type { Environment, Mark, Phase, PhaseKind, View } from './view.ts';

type EnvironmentEvent = EventOf<
  | 'environment.starting'
  | 'extension.registered'
  | 'extension.next'
  | 'init.done'
  | 'init.failed'
  | 'frozen'
  | 'thawed'
  | 'pending'
  | 'timeout'
  | 'crash'
  | 'shutdown.start'
  | 'shutdown.done'
  | 'action'
>;

/** Of one environment; the oldest go first. */
const MAX_PHASES = 5_000;
const MAX_MARKS = 500;

export function addEnvironmentEvent(view: View, event: EnvironmentEvent): void {
  if (event.type === 'action') {
    addAction(view, event);
    return;
  }
  if (event.environmentId === '') return;
  const environment = environmentOf(view, event);
  const { at } = event;
  switch (event.type) {
    case 'environment.starting':
      environment.extensions.clear();
      delete environment.problem;
      environment.unusedInit = beginPhase(environment, 'init', at);
      if (event.cause === 'request') claimStart(view, event.functionName, event.environmentId);
      break;
    case 'extension.registered': {
      const { name, events } = event;
      environment.extensions.set(name, { name, events, registeredAt: at, busySince: at });
      break;
    }
    case 'extension.next':
      extensionIsReady(view, environment, event);
      break;
    case 'init.done':
      environment.initMs = event.durationMs;
      beginPhase(environment, 'idle', at);
      break;
    case 'init.failed':
      environment.problem = `INIT failed: ${event.errorType}: ${event.message}`;
      addMark(environment, { at, text: environment.problem, tone: 'bad' });
      beginPhase(environment, 'idle', at);
      break;
    case 'frozen':
      beginPhase(environment, 'frozen', at);
      delete environment.pending;
      break;
    case 'thawed':
      beginPhase(environment, isFrozenInWork(environment) ? kindBefore(environment) : 'idle', at);
      break;
    case 'pending':
      environment.pending = { at, work: event.work };
      break;
    case 'timeout':
      addMark(environment, { at, text: 'The function timed out', tone: 'bad' });
      break;
    case 'crash':
      addMark(environment, { at, text: `${event.process}: ${event.errorType}`, tone: 'bad' });
      break;
    case 'shutdown.start':
      beginPhase(environment, 'shutdown', at, event.reason);
      for (const extension of environment.extensions.values()) {
        if (extension.events.includes('SHUTDOWN')) extension.busySince = at;
      }
      break;
    case 'shutdown.done': {
      const last = environment.phases.at(-1);
      if (last) last.to ??= at;
      // A reset shuts down too, and the environment starts again.
      environment.endedAt = at;
      environment.running.clear();
      for (const extension of environment.extensions.values()) delete extension.busySince;
      break;
    }
    default:
      event satisfies never;
  }
}

/** The environment of an event; a page that has lost the beginning meets it in the middle of its life. */
export function environmentOf(
  view: View,
  { at, functionName, environmentId }: { at: number; functionName: string; environmentId: string },
): Environment {
  const known = view.environments.get(environmentId);
  if (known) return known;
  const environment: Environment = {
    id: environmentId,
    name: view.environmentName(functionName, environmentId),
    functionName,
    startedAt: at,
    phases: [],
    extensions: new Map(),
    marks: [],
    running: new Set(),
    openJobs: new Set(),
    requests: 0,
    lines: [],
  };
  view.environments.set(environmentId, environment);
  return environment;
}

/** Ends the phase before it. */
export function beginPhase(
  environment: Environment,
  kind: PhaseKind,
  at: number,
  reason?: string,
): Environment['phases'][number] {
  const last = environment.phases.at(-1);
  if (last) last.to ??= at;
  delete environment.endedAt;
  const phase: Phase = { kind, from: at, ...(reason !== undefined && { reason }) };
  environment.phases.push(phase);
  if (environment.phases.length > MAX_PHASES) environment.phases.splice(0, MAX_PHASES / 10);
  return phase;
}

/** Managed Instances: it takes several requests at once, is never frozen, and not billed by the request. */
export const isManaged = (view: View, functionName = ''): boolean =>
  view.functions.get(functionName)?.isManagedInstances ?? false;

/** A person can freeze an environment in the middle of its work; Lambda does not. */
export const isFrozenInWork = ({ running, phases }: Environment): boolean =>
  running.size > 0 && phases.at(-1)?.kind === 'frozen';

/** What it continues with after a freeze in the middle of its work. */
const kindBefore = ({ phases }: Environment): PhaseKind =>
  phases.findLast(({ kind }) => kind !== 'frozen')?.kind ?? 'idle';

function extensionIsReady(
  view: View,
  environment: Environment,
  { name, requestId, at }: EventOf<'extension.next'>,
): void {
  const extension = environment.extensions.get(name);
  if (extension) {
    extension.readyAt ??= at;
    delete extension.busySince;
  }
  const run = requestId === undefined ? undefined : view.rowsByRequestId.get(requestId)?.run;
  if (run && run.endedAt === undefined) run.extensions.set(name, at);
}

function addAction(view: View, { at, text, environmentId }: EventOf<'action'>): void {
  const environment =
    environmentId === undefined ? undefined : view.environments.get(environmentId);
  // What concerns every environment, such as a destination that is down, is flagged in each one that lives.
  const concerned = environment
    ? [environment]
    : [...view.environments.values()].filter(({ endedAt }) => endedAt === undefined);
  for (const each of concerned) addMark(each, { at, text, tone: 'action' });
}

function addMark(environment: Environment, mark: Mark): void {
  environment.marks.push(mark);
  if (environment.marks.length > MAX_MARKS) environment.marks.shift();
}
