import { isManaged } from './environments.ts';
import { seconds } from './format.ts';
import { jobName } from './job-name.ts';
import type { Environment, View } from './view.ts';

export interface Reason {
  readonly text: string;
  /** Line of the user's code that started it. */
  readonly at?: string;
  readonly since: number;
}

export const NEVER_FROZEN = 'On Managed Instances, an environment is never frozen';

export type EnvironmentState = 'starting' | 'awake' | 'frozen' | 'ending' | 'gone';

export function environmentState({ endedAt, phases }: Environment): EnvironmentState {
  if (endedAt !== undefined) return 'gone';
  switch (phases.at(-1)?.kind) {
    case 'init':
      return 'starting';
    case 'frozen':
      return 'frozen';
    case 'shutdown':
      return 'ending';
    default:
      return 'awake';
  }
}

/** What an environment waits for before it can freeze; empty for one that is frozen or gone. */
export function whyAwake(view: View, environment: Environment): Reason[] {
  const state = environmentState(environment);
  if (state === 'frozen' || state === 'gone') return [];
  const reasons = [...ofRuns(environment), ...ofExtensions(environment)];
  if (state !== 'ending')
    reasons.push(...ofJobs(view, environment), ...ofLostWork(view, environment));
  const phase = environment.phases.at(-1);
  if (reasons.length === 0 && phase) {
    const text =
      state === 'starting'
        ? 'INIT runs: the runtime and the extensions load'
        : isManaged(view, environment.functionName)
          ? NEVER_FROZEN
          : 'Everyone has asked for the next event; it freezes in a moment';
    reasons.push({ text, since: phase.from });
  }
  return reasons;
}

function* ofRuns({ running }: Environment): Generator<Reason> {
  for (const run of running) {
    if (run.respondedAt === undefined) {
      yield { text: 'The function has not replied yet', since: run.startedAt };
    } else if (run.runtimeDoneAt === undefined) {
      yield {
        text: 'The function has replied, but not asked for its next event',
        since: run.respondedAt,
      };
    }
  }
}

function* ofExtensions({ extensions, phases }: Environment): Generator<Reason> {
  for (const { name, busySince } of extensions.values()) {
    if (busySince === undefined) continue;
    const text =
      phases.at(-1)?.kind === 'init'
        ? `Extension ${name} is not ready yet`
        : `Extension ${name} has not asked for its next event`;
    yield { text, since: busySince };
  }
}

function* ofJobs(view: View, { openJobs }: Environment): Generator<Reason> {
  for (const job of openJobs) {
    const name = `J${jobName(view, job).slice(1)}`;
    const attempt = job.attempts.at(-1);
    if (job.state === 'waiting') {
      const next =
        job.nextAttemptAt === undefined
          ? 'waits for its next attempt'
          : `waits ${seconds(job.nextAttemptAt - (attempt?.to ?? job.acceptedAt))} for its next attempt`;
      yield { text: `${name} ${next}`, since: attempt?.to ?? job.acceptedAt };
    } else if (attempt) {
      yield { text: `${name} runs, attempt ${attempt.number}`, since: attempt.from };
    } else {
      yield { text: `${name} is accepted`, since: job.acceptedAt };
    }
  }
}

/** What was pending at the last freeze, and of which nothing has been heard. */
function* ofLostWork(view: View, { id }: Environment): Generator<Reason> {
  for (const { environmentId, work, startedAt, resumed } of view.lost.values()) {
    if (environmentId !== id || (resumed && resumed.outcome !== 'still pending')) continue;
    const at = work.at === undefined ? {} : { at: work.at };
    yield {
      text: `${work.what} is still pending; it does not keep Lambda awake`,
      ...at,
      since: startedAt,
    };
  }
}
