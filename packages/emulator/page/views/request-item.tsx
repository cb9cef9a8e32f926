import { count, seconds } from '../state/format.ts';
import {
  hasFailed,
  isCold,
  replyMs,
  rowEnvironment,
  rowState,
  rowStatus,
  rowTitle,
  tailMs,
} from '../state/request-times.ts';
import type { Row, View } from '../state/view.ts';

/** One request in the list; its colours are those of the timeline. */
export function RequestItem({
  view,
  row,
  now,
}: {
  readonly view: View;
  readonly row: Row;
  readonly now: number;
}) {
  const { method, target } = rowTitle(row);
  const reply = replyMs(row, now);
  const tail = tailMs(row, now) ?? 0;
  const state = rowState(row);
  const jobs = row.run?.jobs ?? [];
  const failedJobs = jobs.filter((job) => job.state === 'failed').length;
  const source = row.exchange ?? row.delivery;
  const place = rowEnvironment(view, row)?.name ?? source?.functionName ?? 'no function';
  const status = rowStatus(row);
  return (
    <div class="request-item">
      <span class="method">{method}</span>
      <span class="target">{target}</span>
      <span class={`status ${hasFailed(row) ? 'bad' : state}`}>
        {state === 'done' || status !== undefined ? (status ?? 'OK') : state}
      </span>
      <span class="place">
        {place}
        {row.delivery && <em class="tag">{count(row.delivery.messages, 'message')}</em>}
        {isCold(row) && <em class="tag cold">cold</em>}
        {jobs.length > 0 && (
          <em class={`tag ${failedJobs > 0 ? 'bad' : ''}`}>
            {failedJobs > 0
              ? `${failedJobs} of ${count(jobs.length, 'job')} failed`
              : count(jobs.length, 'job')}
          </em>
        )}
        {row.run !== undefined && row.run.lost.size > 0 && (
          <em class="tag bad">{row.run.lost.size} unfinished</em>
        )}
      </span>
      <span class={`times ${state}`}>
        <span class="reply-ms">
          <span class="unseen">reply </span>
          {seconds(reply)}
        </span>
        {tail > 0 && (
          <span class="tail-ms">
            <span class="unseen">tail </span>+{seconds(tail)}
          </span>
        )}
      </span>
      <span class="proportion" aria-hidden="true">
        <i class="reply" style={{ flexGrow: Math.max(reply, 0.01) }} />
        <i class="tail" style={{ flexGrow: tail }} />
      </span>
    </div>
  );
}
