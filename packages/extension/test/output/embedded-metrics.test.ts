import { expect, it } from 'vitest';
import { embeddedMetricsLine, outcomeMetricsLine } from '../../src/output/embedded-metrics.ts';

it('is one line of JSON that declares each figure it has', () => {
  const line = embeddedMetricsLine(
    { jobs: 3, failures: 1, retries: 2, rescues: 1, tailMs: 412 },
    { functionName: 'shop', timestamp: 1_800_000_000_000 },
  );

  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_800_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'AsyncHttp',
          Dimensions: [['FunctionName']],
          Metrics: [
            { Name: 'Jobs', Unit: 'Count' },
            { Name: 'Failures', Unit: 'Count' },
            { Name: 'Retries', Unit: 'Count' },
            { Name: 'Rescues', Unit: 'Count' },
            { Name: 'TailMs', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    FunctionName: 'shop',
    Jobs: 3,
    Failures: 1,
    Retries: 2,
    Rescues: 1,
    TailMs: 412,
  });
});

it('has a line for the jobs that ended in one way, with that as a dimension', () => {
  const line = outcomeMetricsLine('DeadlineExceeded', 2, {
    functionName: 'shop',
    timestamp: 1_800_000_000_000,
  });

  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_800_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'AsyncHttp',
          Dimensions: [['FunctionName', 'Outcome']],
          Metrics: [{ Name: 'Jobs', Unit: 'Count' }],
        },
      ],
    },
    FunctionName: 'shop',
    Outcome: 'DeadlineExceeded',
    Jobs: 2,
  });
});
