import type { RecordedEvent } from '../../src/recording/recording.ts';
import type { LostWorkEvent } from './lost-work-event.ts';

/** Everything that the page can draw. */
export type PageEvent = RecordedEvent | LostWorkEvent;

export interface PageEntry {
  readonly seq: number;
  readonly event: PageEvent;
}

export type EventOf<Type extends PageEvent['type']> = Extract<PageEvent, { type: Type }>;
