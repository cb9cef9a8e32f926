import type { EventOf } from './page-event.ts';
import { addRow, stopWaiting, waitingOf } from './requests.ts';
import type { Delivery, View } from './view.ts';

export function addQueueEvent(view: View, event: EventOf<'queue.batch' | 'queue.done'>): void {
  const { at, functionName, requestId } = event;
  if (event.type === 'queue.batch') {
    const { resource, messages, records, batchSize, visibilityTimeoutMs, deadLetter } = event;
    const delivery: Delivery = {
      ...{ resource, functionName, messages, records, batchSize, visibilityTimeoutMs },
      startedAt: at,
      ...(deadLetter && { deadLetter }),
    };
    const row = addRow(view, delivery);
    view.rowsByRequestId.set(requestId, row);
    waitingOf(view, functionName).push(row);
    for (const { messageId } of records) {
      const rows = view.deliveries.get(messageId) ?? [];
      rows.push(row);
      view.deliveries.set(messageId, rows);
    }
    return;
  }
  const row = view.rowsByRequestId.get(requestId);
  if (!row?.delivery) return;
  const { delivery } = row;
  delivery.endedAt = at;
  delivery.failed = event.failed;
  delivery.failedIds = new Set(event.failedIds);
  if (event.problem !== undefined) delivery.problem = event.problem;
  stopWaiting(view, functionName, row);
}
