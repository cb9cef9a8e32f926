import { useState } from 'preact/hooks';
import { JobCard } from '../parts/job-card.tsx';
import { PayloadView, usePayloads } from '../parts/payload-view.tsx';
import { PickSplit } from '../parts/pick-split.tsx';
import { RequestActions } from '../parts/request-actions.tsx';
import { RowLink } from '../parts/row-link.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { count, seconds } from '../state/format.ts';
import { jobName } from '../state/job-name.ts';
import { attemptsOf, jobMs } from '../state/jobs.ts';
import type { Job, View } from '../state/view.ts';
import type { ViewProps } from './view-props.ts';

export function Jobs({ view, now, chosen, onChoose }: ViewProps) {
  const [search, setSearch] = useState('');
  if (view.jobs.size === 0) {
    return (
      <main class="first-steps">
        <h2>No jobs yet</h2>
        <p>
          Jobs appear here when a function hands background work to an extension that reports it in
          its log lines, as the async-http layer does.
        </p>
      </main>
    );
  }
  const jobs = [...view.jobs.values()].reverse().filter((job) => fits(job, search.toLowerCase()));
  const job = view.jobs.get(chosen ?? '') ?? jobs[0];
  return (
    <PickSplit
      label="Jobs"
      items={jobs}
      keyOf={({ key }) => key}
      shown={job}
      isChosen={chosen !== undefined}
      onChoose={onChoose}
      search={
        <div class="search">
          <SearchField label="Search jobs" value={search} onInput={setSearch} />
        </div>
      }
      render={(item) => <JobItem view={view} job={item} now={now} />}
      found={count(jobs.length, 'job')}
      detail={
        job ? <JobDetail key={job.key} view={view} job={job} now={now} /> : <p>No job fits.</p>
      }
    />
  );
}

function fits({ id, functionName, state, error }: Job, text: string): boolean {
  return [id, functionName, state, error?.type, error?.message].some((each) =>
    each?.toLowerCase().includes(text),
  );
}

function JobItem({
  view,
  job,
  now,
}: {
  readonly view: View;
  readonly job: Job;
  readonly now: number;
}) {
  const { functionName, state, nextAttemptAt } = job;
  const next =
    nextAttemptAt === undefined
      ? seconds(jobMs(job, now))
      : `next in ${seconds(Math.max(0, nextAttemptAt - now))}`;
  return (
    <div class="job-item">
      <span class="target">{jobName(view, job)}</span>
      <span class={`state ${state}`}>{state}</span>
      <span class="place">{functionName}</span>
      <span class="times">
        {count(attemptsOf(job), 'attempt')}, {next}
      </span>
    </div>
  );
}

function JobDetail({
  view,
  job,
  now,
}: {
  readonly view: View;
  readonly job: Job;
  readonly now: number;
}) {
  const rowOf = (requestId = '') => view.rowsByRequestId.get(requestId);
  const { requestId, startedBy } = job;
  const [origin, start] = [rowOf(requestId), rowOf(startedBy)];
  const row = startedBy === undefined ? origin : start;
  const payloads = usePayloads(startedBy ?? requestId, true);
  return (
    <>
      <header class="title">
        <h2>{jobName(view, job)}</h2>
        <p>
          {view.environments.get(job.environmentId)?.name ?? job.functionName}
          {origin && (
            <>
              {' · from '}
              <RowLink row={origin} />
            </>
          )}
          {start && (
            <>
              {' · started by '}
              <RowLink row={start} />
            </>
          )}
          {' · '}
          <code>{job.id}</code>
        </p>
        {row && <RequestActions row={row} payloads={payloads} />}
      </header>
      <JobCard job={job} now={now} />
      <section>
        <h3>{startedBy === undefined ? 'Event of its request' : 'Event that started it'}</h3>
        <PayloadView payload={payloads?.event} name="event" />
      </section>
    </>
  );
}
