import type { QueueDeclaration } from '@async-http/emulator';
import type { Finding } from '../finding.ts';
import { defaultsOf } from './defaults.ts';
import type { Subject } from './subject.ts';

/** SQS's own. */
const DEFAULT_VISIBILITY_SECONDS = 30;

/** @see Lambda, "Using Lambda with Amazon SQS": visibility timeout of at least six times the function's */
const TIMEOUTS_HIDDEN = 6;

/** Somebody takes the jobs that a function delivers to a queue of the project. */
export function checkQueue({ delivers, settings, declarations, resources }: Subject): Finding[] {
  const { engine } = settings;
  if (!delivers || engine?.service !== 'sqs') return [];
  const isOfProject = resources.some(({ arn, attributes }) => arn === engine.arn && attributes);
  const isTaken = declarations.functions.some(({ queues }) =>
    queues.some(({ queueArn }) => queueArn === engine.arn),
  );
  if (!isOfProject || isTaken) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_WORKER_MISSING',
      severity: 'warning',
      problem: `Jobs go to the queue ${engine.name}, but no function of the project takes them from there, so none would run.`,
      advice:
        'Add a function with the handler /opt/proxy.consumer, and the queue as its event, with ReportBatchItemFailures.',
    },
  ];
}

/** The queues of a worker give it time, and hear which jobs have failed. */
export function checkWorker(subject: Subject): Finding[] {
  const { declaration, isWorker } = subject;
  return isWorker ? declaration.queues.flatMap((queue) => checkSource(queue, subject)) : [];
}

function checkSource(
  { queueArn, reportsFailures }: QueueDeclaration,
  { declaration: { timeoutSeconds }, declarations: { tool }, resources }: Subject,
): Finding[] {
  const findings: Finding[] = [];
  if (!reportsFailures) {
    findings.push({
      code: 'ASYNC_HTTP_CHECK_WORKER_ANSWER',
      severity: 'error',
      problem:
        'The event of the queue does not have ReportBatchItemFailures, so Lambda would delete failed jobs as if they had succeeded.',
      advice:
        tool === 'serverless'
          ? 'Add functionResponseType: ReportBatchItemFailures to the sqs event.'
          : tool === 'sam'
            ? 'Add FunctionResponseTypes: [ReportBatchItemFailures] to the SQS event.'
            : 'Add reportBatchItemFailures: true to the SqsEventSource.',
    });
  }
  const queue = resources.find(({ arn, attributes }) => arn === queueArn && attributes);
  const timeout = timeoutSeconds ?? defaultsOf(tool).timeoutSeconds;
  if (queue === undefined || timeout === 'unknown') return findings;
  const visibility = Number(queue.attributes?.VisibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS);
  const wanted = TIMEOUTS_HIDDEN * timeout;
  if (!(visibility < wanted)) return findings;
  const isShorter = visibility < timeout;
  findings.push({
    code: 'ASYNC_HTTP_CHECK_WORKER_VISIBILITY',
    severity: isShorter ? 'error' : 'warning',
    problem: isShorter
      ? `The queue ${queue.label} hides a job for ${visibility} s, less than the worker's timeout of ${timeout} s, which Lambda refuses, so the deployment would fail.`
      : `The queue ${queue.label} hides a job for ${visibility} s, less than six times the worker's timeout of ${timeout} s, so a job can be delivered again while it runs.`,
    advice: `Set VisibilityTimeout of ${queue.label} to ${Math.min(wanted, 43_200)} or more.`,
  });
  return findings;
}
