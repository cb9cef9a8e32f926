import { expect, it } from 'vitest';
import { newestEntries } from '../../src/recording/newest-entries.ts';
import { Recorder } from '../../src/recording/recorder.ts';

/** A run with so many log lines. */
function runOf(lines: number): Recorder {
  const recorder = new Recorder({ limits: { entries: 50_000, bytes: 2 ** 25, payloadBytes: 0 } });
  for (let line = 0; line < lines; line += 1) {
    recorder.add({
      type: 'log',
      at: line,
      functionName: 'f',
      environmentId: 'e',
      source: 'function',
      line: `line ${line}`,
    });
  }
  return recorder;
}

const same = <Entry>(entries: readonly Entry[]) => entries;

it('are all that is kept, in their order, when there is time', () => {
  const recorder = runOf(5_001);

  expect(newestEntries(recorder, 60_000, same)).toEqual(recorder.entriesFrom(0));
});

it('are only the last ones when there is none', () => {
  const entries = newestEntries(runOf(5_001), 0, same);

  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 2_000 }, (_, n) => 3_001 + n));
});

it('begin with the oldest that is kept', () => {
  const recorder = runOf(60_000);

  expect(newestEntries(recorder, 60_000, same)[0]?.seq).toBe(recorder.forgotten);
});

it('are empty for a run without events', () => {
  expect(newestEntries(runOf(0), 60_000, same)).toEqual([]);
});
