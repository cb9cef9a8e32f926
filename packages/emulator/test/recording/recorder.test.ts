import { describe, expect, it } from 'vitest';
import { EntryHistory } from '../../src/recording/entry-history.ts';
import { MAX_PAYLOAD_BYTES } from '../../src/recording/payload-history.ts';
import { NOTHING_KEPT, Recorder } from '../../src/recording/recorder.ts';
import type { RecordedEvent } from '../../src/recording/recording.ts';

const MANY = { entries: 1_000, bytes: 1_000_000, payloadBytes: 1_000_000 };

const line = (text: string): RecordedEvent & { type: 'log' } => ({
  at: 1,
  functionName: 'f',
  environmentId: 'e',
  type: 'log',
  source: 'function',
  line: text,
});

/** A recorder after so many lines, and what its limits are. */
function filled(count: number, limits = {}, text = (index: number) => `line ${index}`): Recorder {
  const recorder = new Recorder({ limits: { ...MANY, ...limits } });
  for (let index = 0; index < count; index++) recorder.add(line(text(index)));
  return recorder;
}

const linesOf = (recorder: Recorder) =>
  recorder.entriesFrom(0).map(({ event }) => (event as { line: string }).line);

describe('what is kept', () => {
  it('is numbered without gaps', () => {
    const recorder = filled(3);

    expect(recorder.forgotten).toBe(0);
    expect(recorder.entriesFrom(1).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(recorder.entriesFrom(0, 2).map(({ seq }) => seq)).toEqual([0, 1]);
    expect(recorder.entriesFrom(3)).toEqual([]);
  });

  it.each([5, 1_500, 12_345])('is bounded by count: the last 3 of %i', (count) => {
    const recorder = filled(count, { entries: 3 });

    expect(recorder.forgotten).toBe(count - 3);
    expect(linesOf(recorder)).toEqual([3, 2, 1].map((left) => `line ${count - left}`));
    expect(recorder.entriesFrom(0)[0]?.seq).toBe(count - 3);
  });

  it('is bounded by bytes', () => {
    const recorder = filled(100, { bytes: 50_000 }, () => 'x'.repeat(10_000));

    expect(linesOf(recorder)).toHaveLength(4);
    expect(recorder.recording({ functions: [] })).toMatchObject({ version: 1, forgotten: 96 });
  });

  it('takes little memory after a moment, and reads the same', async () => {
    const history = new EntryHistory({ entries: 1_000_000, bytes: 1_000_000_000 });
    const entries = Array.from({ length: 1_750 }, (_, index) => history.add(line(`line ${index}`)));
    const before = history.bytes;

    await expect.poll(() => history.bytes).toBeLessThan(before / 3);

    expect(history.from(0)).toEqual(entries);
    expect(history.from(499, 3)).toEqual(entries.slice(499, 502));
    expect(history.from(1_600, 1_000)).toEqual(entries.slice(1_600));
  });

  it('is bounded by its text, however well that can be packed', async () => {
    const recorder = new Recorder();
    const text = 'x'.repeat(250_000);
    for (let index = 0; index < 1_000; index++) {
      recorder.add(line(text));
      // It is packed meanwhile.
      if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }

    expect(recorder.entriesFrom(0).length * text.length).toBeLessThan(140_000_000);
    expect(recorder.forgotten).toBeGreaterThan(400);
  });

  it('can be nothing, and every event is still told', () => {
    const events: RecordedEvent[] = [];
    const recorder = new Recorder({ limits: NOTHING_KEPT, onEvent: (event) => events.push(event) });

    recorder.add(line('hello'));
    recorder.addPayload('r', 'event', Buffer.from('{}'));

    expect(events).toEqual([line('hello')]);
    expect(recorder.entriesFrom(0)).toEqual([]);
    expect(recorder.payloadsOf('r')).toBeUndefined();
  });

  it('has no line of more than 256 k characters', () => {
    const recorder = filled(1, {}, () => 'x'.repeat(1024 * 1024));

    const [kept = ''] = linesOf(recorder);

    expect(kept).toHaveLength(256 * 1024 + '… (cut off: 1,048,576 characters)'.length);
    expect(kept).toMatch(/x… \(cut off: 1,048,576 characters\)$/);
  });
});

describe('payloads', () => {
  it('are what a function received and answered', () => {
    const recorder = filled(0);

    recorder.addPayload('r', 'event', Buffer.from('{"a":1}'));
    recorder.addPayload('r', 'response', Buffer.from('"ä"'));

    expect(recorder.payloadsOf('r')).toEqual({
      event: { text: '{"a":1}', bytes: 7, isCut: false },
      response: { text: '"ä"', bytes: 4, isCut: false },
    });
    expect(recorder.payloadsOf('other')).toBeUndefined();
  });

  it('are cut off after 256 kB, between two characters', () => {
    const recorder = filled(0, { payloadBytes: 10 * MAX_PAYLOAD_BYTES });

    recorder.addPayload('r', 'event', Buffer.from(`1${'ä'.repeat(MAX_PAYLOAD_BYTES)}`));

    const { event } = recorder.payloadsOf('r') ?? {};
    expect(event).toMatchObject({ bytes: 2 * MAX_PAYLOAD_BYTES + 1, isCut: true });
    expect(event?.text).toBe(`1${'ä'.repeat(MAX_PAYLOAD_BYTES / 2 - 1)}`);
  });

  it('are bounded together: the oldest requests go first', () => {
    const recorder = filled(0, { payloadBytes: 250 });

    for (const requestId of ['a', 'b', 'c']) {
      recorder.addPayload(requestId, 'event', Buffer.alloc(60, 'x'));
      recorder.addPayload(requestId, 'response', Buffer.alloc(60, 'x'));
    }

    expect(Object.keys(recorder.recording({ functions: [] }).payloads ?? {})).toEqual(['b', 'c']);
  });
});
