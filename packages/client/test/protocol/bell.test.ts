import { describe, expect, it } from 'vitest';
import { formatRing, isWord, parseRing, pidOf, type Ring } from '../../src/protocol/bell.ts';

const LONG_ID = `${'x'.repeat(500)}.1-1`;

const RINGS: Ring[] = [
  { type: 'announce', instance: '15.0', seesEnds: true },
  { type: 'announce', instance: '4194304.17', seesEnds: false },
  { type: 'job', log: 1, offset: 0, bytes: 431, instance: '15.0', fd: 19, jobId: 'r-1.1' },
  {
    type: 'job',
    log: 12,
    offset: 999_999_999_999,
    bytes: 16_781_313,
    instance: '15.3',
    fd: 1_048_576,
    jobId: LONG_ID,
  },
  { type: 'lease', instance: '15.0', isOpen: true },
  { type: 'lease', instance: '15.0', isOpen: false },
  { type: 'end', requestId: '8f507cfc-5f3c-4e33-9a4c-2d6f1e1b6f0a' },
  { type: 'end', requestId: '!"#~' },
  { type: 'reload' },
];

describe('a line of the bell', () => {
  it.each(RINGS)('reads as what was rung: %o', (ring) => {
    const line = formatRing(ring);

    expect(line.endsWith('\n')).toBe(true);
    expect(parseRing(line.slice(0, -1))).toEqual(ring);
  });

  it.each(RINGS)('is short enough for a FIFO to take it whole (PIPE_BUF): %o', (ring) => {
    expect(Buffer.byteLength(formatRing(ring))).toBeLessThanOrEqual(4_096);
  });

  it('has the form that the launcher reads', () => {
    expect(RINGS.slice(0, 3).map(formatRing).join('')).toBe(
      'A 2 15.0 sees-ends\nA 2 4194304.17 -\nJ 1 0 431 15.0 19 r-1.1\n',
    );
  });

  it.each([
    ['nothing', ''],
    ['another letter', 'X 1'],
    ['an announcement of another version', 'A 3 15.0 sees-ends'],
    ['an announcement that says something else', 'A 2 15.0 sees'],
    ['an instance without its thread', 'L 15 1'],
    ['a lease that is neither open nor closed', 'L 15.0 2'],
    ['a job without its id', 'J 1 0 431 15.0 19 '],
    ['a job with a part missing', 'J 1 0 431 15.0 r-1.1'],
    ['a negative offset', 'J 1 -1 431 15.0 19 r-1.1'],
    ['a number in another form', 'J 01 0 431 15.0 19 r-1.1'],
    ['a fraction', 'J 1 0.5 431 15.0 19 r-1.1'],
    ['a number that is no longer exact', 'J 1 9999999999999999 431 15.0 19 r-1.1'],
    ['an id with a space', 'E r 1'],
    ['an id that is too long', `E ${'x'.repeat(513)}`],
    ['an id beyond ASCII', 'E ü'],
    ['an id with a line end', 'E r-1\nE r-2'],
    ['a line that is not over', 'R\n'],
    ['two words where one belongs', 'R now'],
    ['another case', 'e r-1'],
    ['half of a line', 'J 1 0 4'],
  ])('is refused: %s', (_, line) => {
    expect(parseRing(line)).toBeUndefined();
  });
});

describe('an instance', () => {
  it('names its process', () => {
    expect(pidOf('4711.12')).toBe(4711);
  });
});

describe('a word', () => {
  it.each(['r-1', '8f507cfc.1', '~', 'x'.repeat(512)])('is %j', (value) => {
    expect(isWord(value)).toBe(true);
  });

  it.each(['', ' ', 'a b', 'a\nb', 'ü', '\u007f', 'x'.repeat(513), 7, undefined, null, ['a']])(
    'is not %j',
    (value) => {
      expect(isWord(value)).toBe(false);
    },
  );
});
