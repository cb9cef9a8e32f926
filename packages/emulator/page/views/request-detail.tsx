import { useMemo, useState } from 'preact/hooks';
import { BatchTable } from '../parts/batch-table.tsx';
import { JobCard } from '../parts/job-card.tsx';
import { LogList } from '../parts/log-list.tsx';
import { Overview } from '../parts/overview.tsx';
import { PayloadView, usePayloads } from '../parts/payload-view.tsx';
import { RequestActions } from '../parts/request-actions.tsx';
import { Sections } from '../parts/sections.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { Verdict } from '../parts/verdict.tsx';
import { clock, count } from '../state/format.ts';
import { jobName } from '../state/job-name.ts';
import { linesOf } from '../state/log-lines.ts';
import { repliedAt, rowEnvironment, rowTitle, startedAt } from '../state/request-times.ts';
import {
  leftBehindRange,
  type Range,
  requestRange,
  wholeRange,
  zoomed,
} from '../state/time-range.ts';
import { verdict } from '../state/verdict.ts';
import type { Row, View } from '../state/view.ts';
import { Report } from './report.tsx';

/** Everything about one request: the answer first, then the picture, then the details. */
export function RequestDetail({
  view,
  row,
  now,
  onHold,
}: {
  readonly view: View;
  readonly row: Row;
  readonly now: number;
  /** The person looks into it: a newer request is not to take its place. */
  readonly onHold: () => void;
}) {
  const [brushed, brush] = useState<Range>();
  const [pointedAt, point] = useState<number>();
  const setBrushed = (range: Range | undefined) => {
    brush(range);
    if (range) onHold();
  };
  const setPointedAt = (at: number | undefined) => {
    point(at);
    onHold();
  };
  const { run, exchange } = row;
  const payloads = usePayloads(run?.requestId, repliedAt(row) !== undefined);
  const { method, target } = rowTitle(row);
  const limits = wholeRange(view, row, now);
  const range = brushed ?? requestRange(row, now);
  const environment = rowEnvironment(view, row);
  const lost = run?.lost.size ?? 0;
  // The view changes in place, and only with entries.
  const lines = useMemo(() => linesOf(view, row), [view, row, view.lastSeq]);
  const shown = lines.filter(({ at }) => at >= range.from && at <= range.to);
  const middle = (range.from + range.to) / 2;
  return (
    <>
      <header class="title">
        <h2>
          <span class="method">{method}</span> {target}
        </h2>
        <p>
          {exchange && `#${exchange.number} · `}
          {clock(startedAt(row))}
          {environment && ` · ${environment.name}`}
          {run && (
            <>
              {' · '}
              <code>{run.requestId}</code>
            </>
          )}
        </p>
        <RequestActions row={row} payloads={payloads} />
      </header>
      <Verdict answers={verdict(view, row, now)} />
      {lost > 0 && (
        <p class="notice">
          <b>{count(lost, 'thing was', 'things were')} still pending when the environment froze.</b>{' '}
          <button type="button" class="link" onClick={() => setBrushed(leftBehindRange(row, now))}>
            Show on the timeline
          </button>{' '}
          <a href="#/lost">What was lost</a>
        </p>
      )}
      <section class="timeline" aria-label="Timeline of the request">
        <div class="tools">
          <button
            type="button"
            aria-pressed={brushed === undefined}
            onClick={() => setBrushed(undefined)}
          >
            Request
          </button>
          <button type="button" onClick={() => setBrushed(limits)}>
            Whole environment
          </button>
          <span class="gap" />
          <button
            type="button"
            aria-label="Zoom out"
            onClick={() => setBrushed(zoomed(range, 2, middle, limits))}
          >
            −
          </button>
          <button
            type="button"
            aria-label="Zoom in"
            onClick={() => setBrushed(zoomed(range, 0.5, middle, limits))}
          >
            +
          </button>
        </div>
        <Timeline
          view={view}
          row={row}
          now={now}
          range={range}
          limits={limits}
          onRange={setBrushed}
          lines={shown}
          pointedAt={pointedAt}
        />
        {environment && (
          <Overview
            environment={environment}
            range={range}
            limits={limits}
            now={now}
            onRange={setBrushed}
          />
        )}
      </section>
      <Sections
        label="Details of the request"
        sections={[
          ...(row.delivery
            ? [
                {
                  name: `Messages ${row.delivery.messages}`,
                  key: 'messages',
                  content: () =>
                    row.delivery && <BatchTable view={view} row={row} delivery={row.delivery} />,
                },
              ]
            : []),
          {
            name: `Log ${shown.length === lines.length ? lines.length : `${shown.length} of ${lines.length}`}`,
            key: 'log',
            content: () => (
              <LogList
                lines={shown}
                zero={startedAt(row)}
                forgotten={run?.forgottenLines ?? 0}
                onPoint={setPointedAt}
              />
            ),
          },
          ...(run && run.jobs.length > 0
            ? [
                {
                  name: `Jobs ${run.jobs.length}`,
                  key: 'jobs',
                  content: () =>
                    run.jobs.map((job) => (
                      <section key={job.key}>
                        <h3>
                          <a href={`#/jobs/${encodeURIComponent(job.key)}`}>{jobName(view, job)}</a>
                        </h3>
                        <JobCard job={job} now={now} />
                      </section>
                    )),
                },
              ]
            : []),
          {
            name: 'Event',
            key: 'event',
            content: () => <PayloadView payload={payloads?.event} name="event" />,
          },
          {
            name: 'Response',
            key: 'response',
            content: () => <PayloadView payload={payloads?.response} name="response" />,
          },
          {
            name: 'Report',
            key: 'report',
            content: () => <Report view={view} row={row} now={now} />,
          },
        ]}
      />
    </>
  );
}
