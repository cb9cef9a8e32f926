import { expect, it } from 'vitest';
import { divideTime } from '../src/budget.ts';

it('aborts, kills, stops sending and releases in this order, all before the function times out', () => {
  const deadline = Date.now() + 30_000;

  const { abortAtMs, killAtMs, sendUntilMs, releaseAtMs } = divideTime(deadline, 900);

  expect([abortAtMs, killAtMs, sendUntilMs, releaseAtMs]).toEqual([
    deadline - 900,
    deadline - 600,
    deadline - 150,
    deadline - 75,
  ]);
});

it('takes at most a fifth of what is left', () => {
  const deadline = Date.now() + 2_000;

  expect(deadline - divideTime(deadline, 1_000).abortAtMs).toBeLessThanOrEqual(400);
});

it('leaves nothing of a deadline that has passed', () => {
  const deadline = Date.now() - 5;

  expect(divideTime(deadline, 1_000).abortAtMs).toBe(deadline);
});
