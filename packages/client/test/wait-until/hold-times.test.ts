import { describe, expect, it } from 'vitest';
import { releaseTime, warnTime } from '../../src/wait-until/hold-times.ts';

const TIMES = [
  [undefined, 60_000, 1_000, 83],
  ['600', 60_000, 600, 50],
  ['nonsense', 60_000, 1_000, 83],
  ['1', 60_000, 1_000, 83],
  ['1000', 3_000, 600, 50],
] as const;

describe.each(TIMES)('with a margin of %s and %i ms left', (margin, leftMs, warning, release) => {
  const env = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769', ASYNC_HTTP_DEADLINE_MARGIN_MS: margin };

  it(`the warning comes ${warning} ms before the deadline`, () => {
    const deadlineMs = Date.now() + leftMs;

    expect(Math.abs(deadlineMs - warnTime(env, deadlineMs) - warning)).toBeLessThan(10);
  });

  it(`the hold ends ${release} ms before the deadline`, () => {
    const deadlineMs = Date.now() + leftMs;

    expect(Math.abs(deadlineMs - releaseTime(env, deadlineMs) - release)).toBeLessThan(10);
  });
});
