import type { Message, Row, View } from './view.ts';

/** What became of a message of a batch. */
export interface Fate {
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'wait';
  /** The batch, or the queue without a function, that it was in next. */
  readonly next?: Row | Message;
  /** When it can be expected there, in epoch ms. */
  readonly at?: number;
}

export function fateOf(view: View, row: Row, messageId: string, receiveCount: number): Fate {
  const { delivery } = row;
  if (delivery?.endedAt === undefined) return { words: 'in work', tone: 'wait' };
  if (!delivery.failedIds?.has(messageId)) return { words: 'done, deleted', tone: 'good' };
  const rows = view.deliveries.get(messageId) ?? [];
  const again = rows[rows.indexOf(row) + 1];
  if (again) {
    const { resource } = again.delivery ?? delivery;
    const words =
      resource === delivery.resource ? 'failed, came back' : `failed, went to ${resource}`;
    return { words, tone: 'bad', next: again };
  }
  const dead = view.messagesById.get(messageId);
  if (dead) return { words: `failed, went to ${dead.place}`, tone: 'bad', next: dead };
  const { deadLetter, startedAt, visibilityTimeoutMs } = delivery;
  const isLast = deadLetter !== undefined && receiveCount >= deadLetter.maxReceiveCount;
  return {
    words: isLast ? `failed, goes to ${deadLetter.resource}` : 'failed, comes back',
    tone: 'bad',
    at: startedAt + visibilityTimeoutMs,
  };
}

/** The batch in which a message was before this one. */
export function previousDelivery(view: View, row: Row, messageId: string): Row | undefined {
  const rows = view.deliveries.get(messageId) ?? [];
  return rows[rows.indexOf(row) - 1];
}
