import { seconds } from './format.ts';
import { repliedAt } from './request-times.ts';
import type { LostWork, Row, View } from './view.ts';

/** What happened to a piece of work that was frozen, in words. */
export function lostSentence(view: View, { work, frozenAt, resumed, resumedAt }: LostWork): string {
  const place = work.at === undefined ? '' : ` at ${work.at}`;
  const row = work.requestId === undefined ? undefined : view.rowsByRequestId.get(work.requestId);
  const repliedAtMs = row && repliedAt(row);
  const when =
    repliedAtMs === undefined || repliedAtMs > frozenAt
      ? `after ${seconds(work.ageMs)}`
      : `${seconds(frozenAt - repliedAtMs)} after the reply`;
  const frozen = `${work.what}${place} was frozen ${when}`;
  if (!resumed || resumedAt === undefined) return `${frozen}. It has not resumed.`;
  const message = resumed.message === undefined ? '' : `: ${resumed.message}`;
  if (resumed.outcome === 'lost') return `${frozen} and never resumed${message}.`;
  const by = resumed.inShutdown
    ? ', in the SHUTDOWN phase'
    : resumed.requestId === undefined
      ? ''
      : `, in ${nameOf(view, resumed.requestId)}`;
  const outcome = {
    unknown: 'but its process ended before it could be seen what became of it',
    finished: 'and finished',
    failed: 'and failed',
    'still pending': 'and is still pending',
  }[resumed.outcome];
  return `${frozen}. It resumed ${seconds(resumed.frozenMs)} later${by}, ${outcome}${message}.`;
}

function nameOf(view: View, requestId: string): string {
  const row: Row | undefined = view.rowsByRequestId.get(requestId);
  return row?.exchange ? `request #${row.exchange.number}` : `request ${requestId}`;
}
