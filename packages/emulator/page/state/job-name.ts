import { rowTitle } from './request-times.ts';
import type { Job, View } from './view.ts';

/** The number that tells the jobs of a request apart, where its id ends in one; else the id. */
export function jobNumber({ id, requestId }: Job): string {
  return requestId !== undefined && id.startsWith(`${requestId}.`)
    ? id.slice(requestId.length + 1)
    : id;
}

/** What people call a job: ids of Lambda are long and look alike. */
export function jobName(view: View, job: Job): string {
  const row = job.requestId === undefined ? undefined : view.rowsByRequestId.get(job.requestId);
  if (!row) return `job ${job.id}`;
  const { method, target } = rowTitle(row);
  return `job ${jobNumber(job)} of ${method} ${target}`;
}
