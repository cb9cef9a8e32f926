import type { EventOf } from './page-event.ts';
import type { View } from './view.ts';

export function addUnfinished(view: View, event: EventOf<'unfinished'>): void {
  const { at, environmentId, functionName } = event;
  for (const work of event.work) {
    const key = `${environmentId} ${work.id}`;
    const known = view.lost.get(key);
    // Still pending at a later freeze: it began where it did, and was frozen first when it was.
    const startedAt = known?.startedAt ?? at - work.ageMs;
    const frozenAt = known?.frozenAt ?? at;
    const lost = { key, environmentId, functionName, work, startedAt, frozenAt };
    view.lost.set(key, lost);
    if (work.requestId !== undefined) {
      view.rowsByRequestId.get(work.requestId)?.run?.lost.set(key, lost);
    }
  }
}

export function addResumed(view: View, event: EventOf<'resumed'>): void {
  for (const resumed of event.work) {
    const lost = view.lost.get(`${event.environmentId} ${resumed.id}`);
    if (!lost) continue;
    lost.resumed = resumed;
    // It was frozen all this time; what is reported at the next freeze happened after the thaw.
    lost.resumedAt =
      resumed.outcome === 'lost' ? event.at : Math.min(event.at, lost.frozenAt + resumed.frozenMs);
  }
}
