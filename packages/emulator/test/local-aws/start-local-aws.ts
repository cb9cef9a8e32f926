import { expect, onTestFinished } from 'vitest';
import { startHttpServer } from '../../src/http/server.ts';
import type { InvokeResult, Lambda } from '../../src/lambda-types.ts';
import { LocalAws } from '../../src/local-aws/local-aws.ts';
import type { LocalAwsEvent } from '../../src/local-aws/local-aws-event.ts';
import type { CloudResource, Project, QueueEventSource } from '../../src/project/project.ts';

export const JOBS = 'arn:aws:sqs:us-east-1:123456789012:jobs';
export const DEAD = 'arn:aws:sqs:us-east-1:123456789012:dead-jobs';
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:told';

/** What a function does with an event; throws when it fails. */
type Handler = (event: { Records: { messageId: string; body: string }[] }) => unknown;

interface Options {
  readonly resources: readonly CloudResource[];
  readonly eventSource?: Partial<QueueEventSource>;
  readonly worker?: Handler;
  /** The worker answers in two parts; what it does is in between. */
  readonly streams?: boolean;
}

/** The local services with a function `worker`, gone after the test; `events` is what they tell. */
export async function startLocalAws({ resources, eventSource, worker, streams }: Options) {
  const events: LocalAwsEvent[] = [];
  const problems: string[] = [];
  const project: Project = {
    file: '/template.yaml',
    functions: [],
    unusable: [],
    apis: [],
    warnings: [],
    files: [],
    resources,
    eventSources: eventSource ? [{ ...EVENT_SOURCE, ...eventSource }] : [],
  };
  const aws = await LocalAws.start(project, {
    folder: import.meta.dirname,
    onEvent: (event) => events.push(event),
    onProblem: (problem) => problems.push(problem),
  });
  onTestFinished(() => aws.close());
  const functions = new Map([['worker', functionOf(worker ?? (() => null), streams)]]);
  const api = await startHttpServer({ apis: [], functions, port: 0 });
  onTestFinished(() => api.close());
  aws.feed({ functions: () => functions, invokeUrl: api.url });
  return {
    aws,
    project,
    events,
    problems,
    client: {
      endpoint: aws.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    /** Resolves with the first event like this one. */
    async tells(expected: Partial<LocalAwsEvent> | object): Promise<void> {
      await expect
        .poll(() => events, { timeout: 20_000, interval: 20 })
        .toContainEqual(expect.objectContaining(expected));
    },
  };
}

const EVENT_SOURCE: QueueEventSource = {
  functionName: 'worker',
  queueArn: JOBS,
  batchSize: 10,
  batchingWindowMs: 0,
  reportsFailures: false,
  maxConcurrency: 5,
};

/** A queue as a template declares it. */
export function queue(
  label: string,
  arn: string,
  attributes: Record<string, string> = {},
): CloudResource {
  return { service: 'sqs', label, name: arn.split(':').at(-1) ?? '', arn, attributes };
}

export const redriveTo = (arn: string, maxReceiveCount: number) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }),
});

/** A function that runs in this process: what environments do is another test's business. */
function functionOf(handler: Handler, isStreaming = false): Lambda {
  const result = (payload: unknown): InvokeResult => ({
    requestId: 'request',
    environmentId: 'environment',
    statusCode: 200,
    payload: Buffer.from(JSON.stringify(payload ?? null)),
    contentType: 'application/json',
  });
  return {
    name: 'worker',
    timeline: [],
    logs: [],
    async invoke(event, { onChunk } = {}) {
      try {
        if (isStreaming) {
          onChunk?.(Buffer.from('first'), 'text/plain');
          await handler(event as Parameters<Handler>[0]);
          onChunk?.(Buffer.from('second'), 'text/plain');
          return { ...result(null), streaming: true };
        }
        return result(await handler(event as Parameters<Handler>[0]));
      } catch (error) {
        const { name, message } = error as Error;
        const payload = { errorType: name, errorMessage: message };
        return { ...result(payload), functionError: 'Unhandled' };
      }
    },
    async unfinished() {
      return [];
    },
    async idle() {},
    async shutdown() {},
    async kill() {},
    async close() {},
  };
}
