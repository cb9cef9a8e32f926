import type { Recorder } from './recorder.ts';
import type { RecordedEntry } from './recording.ts';

/** Entries that are unpacked and cleaned before the clock is looked at. */
const BATCH = 2_000;

/**
 * The newest entries of a run in their order, as many as can be made ready in `limitMs`; at least the last ones.
 *
 * @param prepare is called with each batch; its time counts
 */
export function newestEntries(
  recorder: Recorder,
  limitMs: number,
  prepare: (entries: readonly RecordedEntry[]) => readonly RecordedEntry[],
): RecordedEntry[] {
  const until = performance.now() + limitMs;
  const batches: (readonly RecordedEntry[])[] = [];
  let end = recorder.count;
  do {
    const start = Math.max(recorder.forgotten, end - BATCH);
    batches.unshift(prepare(recorder.entriesFrom(start, end - start)));
    end = start;
  } while (end > recorder.forgotten && performance.now() < until);
  return batches.flat();
}
