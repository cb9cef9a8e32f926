import { expect, it } from 'vitest';
import { HoldMetrics } from '../../src/output/hold-metrics.ts';
import type { Outcome } from '../../src/records/outcome.ts';

const SUCCESS: Outcome = { condition: 'Success', result: '1' };
const failed = (condition: 'RetriesExhausted' | 'DeadlineExceeded'): Outcome => ({
  condition,
  errorType: 'Error',
  errorMessage: 'no',
  stackTrace: [],
});

function open() {
  const lines: string[] = [];
  const metrics = new HoldMetrics({ functionName: 'shop', write: (line) => lines.push(line) });
  return { metrics, lines };
}

it('adds up a hold, in all and by outcome, and begins again', () => {
  const { metrics, lines } = open();
  metrics.functionEnded();
  metrics.settled(SUCCESS, 2);
  metrics.settled(failed('RetriesExhausted'), 3);
  metrics.settled(failed('DeadlineExceeded'), 1);
  metrics.holdEnded();
  metrics.settled(SUCCESS, 1);
  metrics.holdEnded();

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { Jobs: 3, Failures: 2, Retries: 3, Rescues: 1 },
    { Jobs: 1, Outcome: 'Success' },
    { Jobs: 1, Outcome: 'RetriesExhausted' },
    { Jobs: 1, Outcome: 'DeadlineExceeded' },
    { Jobs: 1, Failures: 0, Retries: 0, Rescues: 0, TailMs: 0 },
    { Jobs: 1, Outcome: 'Success' },
  ]);
});

it('writes nothing for a hold without jobs', () => {
  const { metrics, lines } = open();
  metrics.functionEnded();
  metrics.holdEnded();

  expect(lines).toEqual([]);
});
