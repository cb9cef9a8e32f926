import { describe, expect, it } from 'vitest';
import { cpuShare, divideTime } from '../../src/protocol/budget.ts';

/** Memory sizes and with them shares of a core, from the smallest function to the largest. */
const MEMORY_MIB = [128, 256, 442, 1_024, 1_769, 10_240];
const TIMES_LEFT_MS = [0, 1, 20, 100, 500, 1_000, 3_000, 6_000, 30_000, 900_000, 1e15];
const MARGINS_MS = [100, 250, 1_000, 10_000, 60_000];

const CASES = MEMORY_MIB.flatMap((memoryMiB) =>
  TIMES_LEFT_MS.flatMap((leftMs) =>
    MARGINS_MS.map((marginMs) => ({ memoryMiB, leftMs, marginMs })),
  ),
);

/** How long before the deadline each instant is, for a function that has `leftMs` left. */
function divide({ leftMs = 30_000, marginMs = 1_000, memoryMiB = 1_769 }) {
  const deadlineMs = Date.now() + leftMs;
  const { loadUntilMs, abortAtMs, killAtMs, sendUntilMs, releaseAtMs } = divideTime(
    deadlineMs,
    marginMs,
    cpuShare(memoryMiB),
  );
  return [loadUntilMs, abortAtMs, killAtMs, sendUntilMs, releaseAtMs].map((at) => deadlineMs - at);
}

describe('the time of a request', () => {
  it('is divided in one order, whatever is left of it: load, abort, kill, send, release, deadline', () => {
    for (const options of CASES) {
      const before = divide(options);
      const name = JSON.stringify(options);
      expect(
        [...before].sort((a, b) => b - a),
        name,
      ).toEqual(before);
      expect(before.at(-1), name).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves room between the instants as soon as there is any, at 0.072 of a core too', () => {
    for (const memoryMiB of MEMORY_MIB) {
      const [load = 0, abort = 0, kill = 0, send = 0, release = 0] = divide({
        leftMs: 3_000,
        memoryMiB,
      });

      expect(load).toBeGreaterThan(abort);
      expect(abort).toBeGreaterThan(kill);
      expect(kill).toBeGreaterThan(send);
      expect(send).toBeGreaterThan(release);
      expect(release).toBeGreaterThan(0);
    }
  });

  it('gives a handler a third of the margin to stop, and the record half of it', () => {
    const [, abort = 0, kill = 0, send = 0, release = 0] = divide({});

    expect(abort).toBeCloseTo(1_000);
    expect(kill).toBeCloseTo(667, 0);
    expect(send).toBeCloseTo(167, 0);
    expect(release).toBeCloseTo(83, 0);
  });

  it('keeps at most a fifth of what is left as margin', () => {
    expect(divide({ leftMs: 2_000 })[1]).toBeCloseTo(400, -1);
    expect(divide({ leftMs: 500, marginMs: 60_000 })[1]).toBeCloseTo(100, -1);
  });

  it('reserves 15 ms of CPU for the release, which is 207 ms at 128 MB', () => {
    expect(divide({ memoryMiB: 128 })[4]).toBeCloseTo(207.3, 0);
  });

  it('gives a handler a second of a core to load before a deadline counts against its job', () => {
    const { fairLoadMs } = divideTime(Date.now() + 3_000, 1_000, cpuShare(128));

    expect(fairLoadMs).toBeCloseTo(13_820, -1);
  });

  it('begins no loading without 30 ms of CPU for it, which is 415 ms at 128 MB', () => {
    expect(divide({ memoryMiB: 128 })[0]).toBeCloseTo(1_414.6, 0);
  });

  it('is over for a request whose deadline has passed', () => {
    const deadlineMs = Date.now() - 5_000;

    expect(divideTime(deadlineMs, 1_000, 0.072)).toMatchObject({
      functionDeadlineMs: deadlineMs,
      loadUntilMs: deadlineMs,
      abortAtMs: deadlineMs,
      killAtMs: deadlineMs,
      beginSendUntilMs: deadlineMs,
      sendUntilMs: deadlineMs,
      releaseAtMs: deadlineMs,
    });
  });
});

describe('the share of a core', () => {
  it.each([
    [128, 128 / 1_769],
    [1_769, 1],
    [10_240, 1],
  ])('of %i MB is %f', (memoryMiB, share) => {
    expect(cpuShare(memoryMiB)).toBe(share);
  });

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])(
    'is a whole one where the memory is %d',
    (memory) => {
      expect(cpuShare(memory)).toBe(1);
    },
  );
});
