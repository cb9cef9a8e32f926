import { clock, count, seconds } from '../state/format.ts';
import { attemptsOf, jobMs } from '../state/jobs.ts';
import type { Attempt, Job } from '../state/view.ts';
import { ScrollText } from './scroll-text.tsx';

/** What became of a job: its attempts with their errors, and where its record went. */
export function JobCard({ job, now }: { readonly job: Job; readonly now: number }) {
  const { state, attempts, nextAttemptAt, destination, record, endedAt } = job;
  return (
    <div class="job-card">
      <p>
        <strong class={`state ${state}`}>{state}</strong>{' '}
        {endedAt === undefined
          ? `for ${seconds(jobMs(job, now))}`
          : `after ${seconds(jobMs(job, now))}, in ${count(attemptsOf(job), 'attempt')}`}
        {state === 'waiting' && (
          <>
            {'. '}
            {nextAttemptAt === undefined
              ? 'The next attempt comes with the next request.'
              : `The next attempt starts in ${seconds(Math.max(0, nextAttemptAt - now))}.`}
          </>
        )}
      </p>
      {(record !== undefined || destination !== undefined) && (
        <p>
          Its record went to{' '}
          {record ? (
            <a href={`#/messages/${record.key}`}>{record.place}</a>
          ) : (
            <code>{destination}</code>
          )}
          .
        </p>
      )}
      {attempts.length > 0 && (
        <ol class="attempts">
          {attempts.map((attempt) => (
            <AttemptView key={attempt.number} attempt={attempt} now={now} />
          ))}
        </ol>
      )}
      {job.error && attempts.every(({ error }) => error === undefined) && (
        <p class="bad">
          {job.error.type}: {job.error.message}
        </p>
      )}
    </div>
  );
}

function AttemptView({ attempt, now }: { readonly attempt: Attempt; readonly now: number }) {
  const { number, from, to, error } = attempt;
  return (
    <li>
      <p>
        Attempt {number} at {clock(from)}, {to === undefined ? 'runs for ' : ''}
        {seconds((to ?? now) - from)}
        {error && (
          <>
            {': '}
            <b class="bad">{error.type}</b> {error.message}
          </>
        )}
      </p>
      {error?.stack !== undefined && (
        <ScrollText label={`Stack of attempt ${number}`} text={error.stack} />
      )}
    </li>
  );
}
