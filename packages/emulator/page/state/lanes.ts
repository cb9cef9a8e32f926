import { count, seconds } from './format.ts';
import { jobNumber } from './job-name.ts';
import { attemptsOf } from './jobs.ts';
import { hasFailed, repliedAt, rowEnvironment, startedAt } from './request-times.ts';
import type { Environment, Job, LostWork, Row, Run, View } from './view.ts';

export type BarTone =
  | 'init'
  | 'wait'
  | 'reply'
  | 'tail'
  | 'good'
  | 'bad'
  | 'pause'
  | 'frozen'
  | 'pending';

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly tone: BarTone;
  /** What it is, with its duration: read aloud, and shown when the pointer rests on it. */
  readonly title: string;
  readonly label?: string;
  readonly isOpen?: boolean;
}

export interface Lane {
  readonly key: string;
  readonly name: string;
  /** A second, smaller word under the name. */
  readonly detail?: string;
  readonly bars: readonly Bar[];
}

/** Who did what during a request, one lane each: caller, function, extensions, jobs, and what was left behind. */
export function lanesOf(view: View, row: Row, now: number): Lane[] {
  const environment = rowEnvironment(view, row);
  const lanes = [callerLane(row, now)];
  const { run } = row;
  if (!run || !environment) {
    const init = environment?.phases.at(-1);
    if (init?.kind === 'init') {
      const bar = barOf(init.from, undefined, now, 'init', 'INIT');
      lanes.push({ key: 'function', name: 'function', bars: [bar] });
    }
    return lanes;
  }
  lanes.push(functionLane(run, now));
  lanes.push(...extensionLanes(run, environment, now));
  lanes.push(...run.jobs.map((job) => jobLane(view, job, now)));
  lanes.push(...[...run.lost.values()].map((lost) => lostLane(lost, environment, now)));
  return lanes;
}

function callerLane(row: Row, now: number): Lane {
  const end = repliedAt(row);
  const { exchange, delivery } = row;
  const who = delivery ? 'queue' : 'caller';
  const reply = delivery ? 'result' : 'reply';
  const what = exchange?.statusCode === undefined ? reply : String(exchange.statusCode);
  const bar = barOf(
    startedAt(row),
    end ?? row.run?.endedAt,
    now,
    hasFailed(row) ? 'bad' : 'reply',
    end === undefined ? `The ${who} waits` : `The ${who} had the ${what}`,
  );
  const bars = [{ ...bar, label: seconds(bar.to - bar.from) }];
  const size = delivery && count(delivery.messages, 'message');
  return { key: 'caller', name: who, ...(size !== undefined && { detail: size }), bars };
}

function functionLane(run: Run, now: number): Lane {
  const { init, startedAt: from, respondedAt, runtimeDoneAt, endedAt } = run;
  const bars: Bar[] = [];
  if (init) bars.push(barOf(init.from, init.to ?? from, now, 'init', 'INIT'));
  bars.push(
    barOf(
      from,
      respondedAt ?? endedAt,
      now,
      run.functionError ? 'bad' : 'reply',
      'The function until its response',
    ),
  );
  if (respondedAt !== undefined) {
    const title = 'The function after its response, until it asked for the next event';
    bars.push(barOf(respondedAt, runtimeDoneAt ?? endedAt, now, 'tail', title));
  }
  return { key: 'function', name: 'function', detail: run.functionName, bars };
}

function extensionLanes(run: Run, { extensions }: Environment, now: number): Lane[] {
  return [...extensions.values()].map(({ name, registeredAt, readyAt, events }) => {
    const bars: Bar[] = [];
    if (run.init) {
      bars.push(barOf(registeredAt, readyAt, now, 'init', `Extension ${name}: INIT`));
    }
    if (events.includes('INVOKE')) {
      const done = run.extensions.get(name) ?? run.endedAt;
      const { respondedAt = done ?? now } = run;
      const title = `Extension ${name}, until it asked for the next event`;
      bars.push(barOf(run.startedAt, Math.min(done ?? now, respondedAt), now, 'wait', title));
      if (done === undefined || done > respondedAt) {
        bars.push(
          barOf(respondedAt, done, now, 'tail', `${title}: what keeps the environment awake`),
        );
      }
    }
    return { key: `extension ${name}`, name, detail: 'extension', bars };
  });
}

function jobLane(view: View, job: Job, now: number): Lane {
  const bars: Bar[] = [];
  let last = job.acceptedAt;
  for (const [index, attempt] of job.attempts.entries()) {
    if (attempt.from - last > 1)
      bars.push(barOf(last, attempt.from, now, 'pause', 'Waits for its attempt'));
    const isLast = index === job.attempts.length - 1;
    const tone = attempt.error ? 'bad' : isLast && job.state === 'succeeded' ? 'good' : 'tail';
    const outcome = attempt.error ? `: ${attempt.error.type}: ${attempt.error.message}` : '';
    const bar = barOf(attempt.from, attempt.to, now, tone, `Attempt ${attempt.number}${outcome}`);
    bars.push(bar);
    last = bar.to;
  }
  if (job.endedAt !== undefined && job.attempts.length === 0) {
    // Only its end is known, and what made it run.
    const start = view.rowsByRequestId.get(job.startedBy ?? '')?.run?.startedAt ?? last;
    if (start > last) bars.push(barOf(last, start, now, 'pause', 'Waits for its attempt'));
    const tone = job.state === 'succeeded' ? 'good' : 'bad';
    bars.push(barOf(Math.max(start, last), job.endedAt, now, tone, `Job ${job.state}`));
  }
  if (job.state === 'waiting' || job.state === 'accepted') {
    bars.push(barOf(last, job.nextAttemptAt, now, 'pause', 'Waits for its next attempt'));
  }
  if (job.record) {
    const { at, place } = job.record;
    const label = `→ ${place}`;
    bars.push({ ...barOf(at, at, now, 'pending', `Its record is in ${place}`), label });
  }
  const detail = `${job.state}, ${count(attemptsOf(job), 'attempt')}`;
  return { key: job.key, name: `job ${jobNumber(job)}`, detail, bars };
}

function lostLane(
  { key, work, startedAt: from, frozenAt, resumed, resumedAt }: LostWork,
  environment: Environment,
  now: number,
): Lane {
  const bars = [barOf(from, frozenAt, now, 'pending', `${work.what}, until the freeze`)];
  const frozenUntil = resumedAt ?? environment.endedAt;
  bars.push(barOf(frozenAt, frozenUntil, now, 'frozen', `${work.what}, frozen in the middle`));
  if (resumed && resumedAt !== undefined) {
    const tone =
      resumed.outcome === 'finished'
        ? 'good'
        : resumed.outcome === 'still pending'
          ? 'pending'
          : 'bad';
    bars.push({
      ...barOf(resumedAt, resumedAt, now, tone, `${work.what}: ${resumed.outcome}`),
      label: resumed.outcome,
    });
  }
  return { key, name: work.what, detail: work.at ?? work.kind, bars };
}

function barOf(
  from: number,
  to: number | undefined,
  now: number,
  tone: BarTone,
  what: string,
): Bar {
  const end = Math.max(from, to ?? now);
  const isOpen = to === undefined || to > now;
  return {
    from,
    to: end,
    tone,
    title: `${what}, ${seconds(end - from)}`,
    ...(isOpen && { isOpen }),
  };
}
