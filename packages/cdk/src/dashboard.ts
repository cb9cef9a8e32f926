import {
  GraphWidget,
  type IWidget,
  type Metric,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Ways in which a job can end, most wanted first. */
const OUTCOMES = [
  'Success',
  'RetriesExhausted',
  'DeadlineExceeded',
  'EventAgeExceeded',
  'EnvironmentShutdown',
];

const WIDTH = 8;

interface Sources {
  /** Runs the jobs. */
  readonly worker: LambdaFunction;
  readonly queue: IQueue | undefined;
  readonly deadLetterQueue: IQueue | undefined;
  /** A metric of async-http, with more dimensions than the name of the function. */
  readonly metric: (
    name: string,
    options: { statistic: string; label: string; dimensions?: Record<string, string> },
  ) => Metric;
}

/** What an operator wants to see of background jobs, in rows of three. */
export function dashboardWidgets({ worker, queue, deadLetterQueue, metric }: Sources): IWidget[][] {
  const sum = (name: string, label: string) => metric(name, { statistic: 'Sum', label });
  const graph = (title: string, left: Metric[]) => new GraphWidget({ title, left, width: WIDTH });
  const rows: IWidget[][] = [
    [
      new GraphWidget({
        title: 'Jobs by outcome',
        stacked: true,
        width: WIDTH,
        left: OUTCOMES.map((Outcome) =>
          metric('Jobs', { statistic: 'Sum', label: Outcome, dimensions: { Outcome } }),
        ),
      }),
      graph('Background work after the reply', [
        metric('TailMs', { statistic: 'p50', label: 'p50' }),
        metric('TailMs', { statistic: 'p99', label: 'p99' }),
      ]),
      graph('Repeated and cut off', [sum('Retries', 'retries'), sum('Rescues', 'cut off')]),
    ],
    [
      new SingleValueWidget({
        title: 'Failed jobs',
        metrics: [sum('Failures', 'failed')],
        width: WIDTH,
      }),
      graph('Errors of the function', [worker.metricErrors(), worker.metricThrottles()]),
      graph('Concurrency', [worker.metric('ConcurrentExecutions', { statistic: 'Maximum' })]),
    ],
  ];
  if (queue && deadLetterQueue) {
    rows.push([
      graph('Waiting in the queue', [queue.metricApproximateNumberOfMessagesVisible()]),
      graph('Age of the oldest job', [queue.metricApproximateAgeOfOldestMessage()]),
      graph('Dead letters', [deadLetterQueue.metricApproximateNumberOfMessagesVisible()]),
    ]);
  }
  return rows;
}
