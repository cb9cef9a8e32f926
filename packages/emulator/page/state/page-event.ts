import type { RecordedEntry, RecordedEvent } from '../../src/recording/recording.ts';

/** Everything that the page can draw. */
export type PageEvent = RecordedEvent;
export type PageEntry = RecordedEntry;

export type EventOf<Type extends PageEvent['type']> = Extract<PageEvent, { type: Type }>;
