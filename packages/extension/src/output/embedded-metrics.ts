/** What happened in one hold of the environment. */
export interface HoldFigures {
  /** Jobs that were settled. */
  readonly jobs: number;
  /** Of these, jobs that failed permanently. */
  readonly failures: number;
  /** Attempts after the first ones. */
  readonly retries: number;
  /** Jobs that were ended by the deadline or by the end of the environment, and recorded. */
  readonly rescues: number;
  /** From the function's response to the end of the hold, in ms. */
  readonly tailMs: number;
}

const JOBS = { Name: 'Jobs', Unit: 'Count' };

const METRICS = [
  JOBS,
  { Name: 'Failures', Unit: 'Count' },
  { Name: 'Retries', Unit: 'Count' },
  { Name: 'Rescues', Unit: 'Count' },
  { Name: 'TailMs', Unit: 'Milliseconds' },
];

/** Where and when a line was written; `timestamp` is wall-clock ms since the epoch. */
interface Origin {
  readonly functionName: string;
  readonly timestamp: number;
}

/**
 * The line from which CloudWatch makes metrics, in the namespace `AsyncHttp` by function name. It is
 * written without a log prefix: CloudWatch finds it only when the whole line is JSON.
 *
 * @see CloudWatch, "Specification: Embedded metric format"
 */
export function embeddedMetricsLine(
  { jobs, failures, retries, rescues, tailMs }: HoldFigures,
  { functionName, timestamp }: Origin,
): string {
  const line = {
    _aws: declare(timestamp, ['FunctionName'], METRICS),
    FunctionName: functionName,
    Jobs: jobs,
    Failures: failures,
    Retries: retries,
    Rescues: rescues,
    TailMs: tailMs,
  };
  return `${JSON.stringify(line)}\n`;
}

/** The same for the jobs that ended in one way: their number, also by `Outcome`. A line has one value for a dimension. */
export function outcomeMetricsLine(
  outcome: string,
  jobs: number,
  { functionName, timestamp }: Origin,
): string {
  const line = {
    _aws: declare(timestamp, ['FunctionName', 'Outcome'], [JOBS]),
    FunctionName: functionName,
    Outcome: outcome,
    Jobs: jobs,
  };
  return `${JSON.stringify(line)}\n`;
}

function declare(timestamp: number, dimensions: readonly string[], metrics: readonly object[]) {
  const directive = { Namespace: 'AsyncHttp', Dimensions: [dimensions], Metrics: metrics };
  return { Timestamp: timestamp, CloudWatchMetrics: [directive] };
}
