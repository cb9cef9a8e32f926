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

const METRICS = [
  { Name: 'Jobs', Unit: 'Count' },
  { Name: 'Failures', Unit: 'Count' },
  { Name: 'Retries', Unit: 'Count' },
  { Name: 'Rescues', Unit: 'Count' },
  { Name: 'TailMs', Unit: 'Milliseconds' },
] as const;

/**
 * The line from which CloudWatch makes metrics, in the namespace `AsyncHttp` by function name. It is
 * written without a log prefix: CloudWatch finds it only when the whole line is JSON.
 *
 * @param timestamp wall-clock ms since the epoch
 * @see CloudWatch, "Specification: Embedded metric format"
 */
export function embeddedMetricsLine(
  { jobs, failures, retries, rescues, tailMs }: HoldFigures,
  { functionName, timestamp }: { functionName: string; timestamp: number },
): string {
  const line = {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        { Namespace: 'AsyncHttp', Dimensions: [['FunctionName']], Metrics: METRICS },
      ],
    },
    FunctionName: functionName,
    Jobs: jobs,
    Failures: failures,
    Retries: retries,
    Rescues: rescues,
    TailMs: tailMs,
  };
  return `${JSON.stringify(line)}\n`;
}
