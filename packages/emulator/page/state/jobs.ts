import { environmentOf } from './environments.ts';
import type { EventOf } from './page-event.ts';
import type { Job, View } from './view.ts';

type JobEvent = EventOf<'job.accepted' | 'job.attempt' | 'job.retry' | 'job.ended'>;

export function addJobEvent(view: View, event: JobEvent): void {
  const job = jobOf(view, event);
  const { at } = event;
  noteStart(view, job, event);
  const { openJobs } = environmentOf(view, event);
  openJobs.add(job);
  const running = job.attempts.at(-1);
  switch (event.type) {
    case 'job.accepted':
      break;
    case 'job.attempt':
      if (running) running.to ??= at;
      job.attempts.push({ number: event.attempt, from: at });
      job.state = 'running';
      delete job.nextAttemptAt;
      break;
    case 'job.retry': {
      if (running) {
        running.to ??= at;
        running.error = event.error;
      }
      job.state = 'waiting';
      if (event.nextAttemptInMs === undefined) delete job.nextAttemptAt;
      else job.nextAttemptAt = at + event.nextAttemptInMs;
      break;
    }
    case 'job.ended':
      if (running) {
        running.to ??= at;
        if (event.error) running.error ??= event.error;
      }
      job.state = event.status;
      openJobs.delete(job);
      job.endedAt = at;
      delete job.nextAttemptAt;
      if (event.durationMs !== undefined) {
        job.durationMs = event.durationMs;
        // An extension that has to load first hears of a job some time after it was handed off.
        job.acceptedAt = Math.min(job.acceptedAt, at - event.durationMs);
      }
      if (event.attempts !== undefined) job.attemptsSaid = event.attempts;
      if (event.destination !== undefined) job.destination = event.destination;
      if (event.error) job.error = event.error;
      break;
    default:
      event satisfies never;
  }
}

/** A job that was handed off in another environment was started by the request that runs there now. */
function noteStart(view: View, job: Job, { during, environmentId }: JobEvent): void {
  if (during === undefined || job.startedBy === during) return;
  const origin = view.rowsByRequestId.get(job.requestId ?? '')?.run;
  if (origin?.environmentId === environmentId) return;
  job.startedBy = during;
  view.rowsByRequestId.get(during)?.run?.jobs.push(job);
}

/** How many attempts are known. */
export const attemptsOf = ({ attempts, attemptsSaid }: Job): number =>
  Math.max(attempts.length, attemptsSaid ?? 0);

/** From the hand-off to the end, which its log line knows best; counts up while it has none. */
export const jobMs = ({ durationMs, endedAt, acceptedAt }: Job, now: number): number =>
  durationMs ?? Math.max(0, (endedAt ?? now) - acceptedAt);

/** A job keeps its id when another environment takes it over. */
function jobOf(view: View, event: JobEvent): Job {
  const { functionName, environmentId, requestId, jobId, at } = event;
  const key = `${functionName} ${jobId}`;
  const known = view.jobs.get(key);
  if (known) {
    if (known.environmentId !== environmentId) {
      view.environments.get(known.environmentId)?.openJobs.delete(known);
      known.environmentId = environmentId;
    }
    return known;
  }
  const job: Job = {
    key,
    id: jobId,
    functionName,
    environmentId,
    ...(requestId !== undefined && { requestId }),
    acceptedAt: at,
    state: 'accepted',
    attempts: [],
  };
  view.jobs.set(key, job);
  if (requestId !== undefined) {
    const jobs = view.jobsByRequestId.get(requestId) ?? [];
    jobs.push(job);
    view.jobsByRequestId.set(requestId, jobs);
  }
  const run = requestId === undefined ? undefined : view.rowsByRequestId.get(requestId)?.run;
  run?.jobs.push(job);
  return job;
}
