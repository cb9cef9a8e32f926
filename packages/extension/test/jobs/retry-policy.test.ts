import { describe, expect, it } from 'vitest';
import { decideRetry, type Failure, reasonNotToStart } from '../../src/jobs/retry-policy.ts';

const ACCEPTED_AT = 1_800_000_000_000;
const policy = { maxRetryAttempts: 2, maxEventAgeMs: 60_000 };
const failure: Failure = { errorType: 'TypeError', retriable: true };

/** The first attempt has failed after a second, and there are 30 s left. */
const afterFirstAttempt = {
  policy,
  attempt: 1,
  acceptedAt: ACCEPTED_AT,
  now: ACCEPTED_AT + 1_000,
  abortAtMs: ACCEPTED_AT + 31_000,
  failure,
  random: 0.5,
};

describe('after an attempt failed', () => {
  it('waits anywhere between nothing and a time that doubles with each attempt', () => {
    const longest = [1, 2, 3, 9].map((attempt) =>
      decideRetry({
        ...afterFirstAttempt,
        policy: { ...policy, maxRetryAttempts: 10 },
        attempt,
        random: 1,
      }),
    );

    expect(longest).toEqual(
      [200, 400, 800, 20_000].map((delayMs) => ({ action: 'retry', delayMs })),
    );
    expect(decideRetry({ ...afterFirstAttempt, random: 0 })).toEqual({
      action: 'retry',
      delayMs: 0,
    });
  });

  it('is retried as often as the policy says, and then settles', () => {
    expect(decideRetry({ ...afterFirstAttempt, attempt: 2 })).toMatchObject({ action: 'retry' });
    expect(decideRetry({ ...afterFirstAttempt, attempt: 3 })).toEqual({
      action: 'settle',
      condition: 'RetriesExhausted',
    });
  });

  it.each([
    ['a NonRetriableError', { errorType: 'NonRetriableError', retriable: true }],
    ['what cannot end differently', { errorType: 'Error', retriable: false }],
  ])('does not repeat %s', (_, failure) => {
    expect(decideRetry({ ...afterFirstAttempt, failure })).toEqual({
      action: 'settle',
      condition: 'RetriesExhausted',
    });
  });

  it('starts no attempt of a job that would be too old by then', () => {
    const now = ACCEPTED_AT + 59_950;
    const late = { ...afterFirstAttempt, now, abortAtMs: now + 30_000 };

    expect(decideRetry({ ...late, random: 1 })).toEqual({
      action: 'settle',
      condition: 'EventAgeExceeded',
    });
    expect(decideRetry({ ...late, random: 0 })).toMatchObject({ action: 'retry' });
  });

  it('waits less where the backoff would use up the time, and settles where no attempt fits', () => {
    const { now } = afterFirstAttempt;

    expect(decideRetry({ ...afterFirstAttempt, random: 1, abortAtMs: now + 150 })).toEqual({
      action: 'retry',
      delayMs: 50,
    });
    expect(decideRetry({ ...afterFirstAttempt, abortAtMs: now + 99 })).toEqual({
      action: 'settle',
      condition: 'DeadlineExceeded',
    });
  });

  it.each([
    ['deadline', 'DeadlineExceeded'],
    ['shutdown', 'EnvironmentShutdown'],
  ] as const)('settles what was ended by the %s', (abortedBy, condition) => {
    // Also after the last attempt: this is the better answer to "why".
    expect(
      decideRetry({ ...afterFirstAttempt, attempt: 3, failure: { ...failure, abortedBy } }),
    ).toEqual({ action: 'settle', condition });
  });
});

describe('a RetryAfterError', () => {
  const retryAfter = (retryAfterMs: number | undefined) =>
    decideRetry({
      ...afterFirstAttempt,
      failure: { errorType: 'RetryAfterError', retriable: true, retryAfterMs },
    });

  it('gets exactly the delay that it asks for', () => {
    expect(retryAfter(5_000)).toEqual({ action: 'retry', delayMs: 5_000 });
  });

  it('settles at once when its delay does not fit into the time left', () => {
    expect(retryAfter(30_000)).toEqual({ action: 'settle', condition: 'DeadlineExceeded' });
  });

  it.each([Number.NaN, undefined, Number.POSITIVE_INFINITY])(
    'is an error like any other when it asks for %s',
    (delay) => {
      expect(retryAfter(delay)).toEqual({ action: 'retry', delayMs: 100 });
    },
  );

  it('does not go back in time', () => {
    expect(retryAfter(-1)).toEqual({ action: 'retry', delayMs: 0 });
  });
});

describe('a job that an earlier extension has left', () => {
  const found = { policy, attempts: 1, acceptedAt: ACCEPTED_AT, now: ACCEPTED_AT + 1_000 };

  it('may start while it has attempts left and is not too old', () => {
    expect(reasonNotToStart(found)).toBeUndefined();
  });

  it('cannot end one environment after the other: its attempts are counted', () => {
    expect(reasonNotToStart({ ...found, attempts: 3 })).toBe('RetriesExhausted');
  });

  it('is too old after its maximum age', () => {
    expect(reasonNotToStart({ ...found, now: ACCEPTED_AT + 60_001 })).toBe('EventAgeExceeded');
  });
});
