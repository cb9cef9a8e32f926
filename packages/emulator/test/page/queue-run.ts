import type { PageEntry } from '../../page/state/page-event.ts';
import { Script } from './script.ts';

export const FIRST_BATCH = 'c4a1c2d4-0000-4000-8000-000000000001';
export const SECOND_BATCH = 'c4a1c2d4-0000-4000-8000-000000000002';
export const GOOD_MESSAGE = '0a0a0a0a-0000-4000-8000-000000000001';
export const BAD_MESSAGE = '0b0b0b0b-0000-4000-8000-000000000002';

/** When everything has ended, in ms after the start. */
export const QUEUE_MS = 4_000;

/**
 * A queue with a batch of two messages, of which one fails twice and goes to the dead-letter queue; the function hands a
 * job off whose record goes to another queue.
 */
export function queueRun(startAt: number): PageEntry[] {
  const script = new Script(startAt);
  const on = script.environment('worker', 'w1');
  const about = { functionName: 'worker', resource: 'Jobs' };
  const batch = (at: number, requestId: string, records: object[]) =>
    script.add(at, {
      type: 'queue.batch',
      ...about,
      requestId,
      messages: records.length,
      records,
      batchSize: 10,
      visibilityTimeoutMs: 1_000,
      deadLetter: { resource: 'DeadJobs', maxReceiveCount: 2 },
    } as never);
  const done = (at: number, requestId: string, counts: { done: number; failed: number }) =>
    script.add(at, {
      type: 'queue.done',
      ...about,
      ...counts,
      requestId,
      failedIds: [BAD_MESSAGE],
      durationMs: 100,
    } as never);
  const run = (at: number, requestId: string) => {
    on(at, { type: 'invoke.start', requestId });
    on(at + 40, { type: 'response', requestId, durationMs: 40, bytes: 60 });
    on(at + 41, { type: 'runtime.done', requestId, durationMs: 41, status: 'success' });
  };

  batch(0, FIRST_BATCH, [
    { messageId: GOOD_MESSAGE, receiveCount: 1 },
    { messageId: BAD_MESSAGE, receiveCount: 1 },
  ]);
  script.coldStart('worker', 'w1', 4, 118);
  run(120, FIRST_BATCH);
  const job = { jobId: `${FIRST_BATCH}.1`, requestId: FIRST_BATCH };
  on(165, { type: 'job.accepted', ...job });
  on(165, { type: 'job.attempt', attempt: 1, ...job });
  done(170, FIRST_BATCH, { done: 1, failed: 1 });
  const error = { type: 'Error', message: 'no luck' };
  on(400, { type: 'job.ended', status: 'failed', attempts: 1, durationMs: 240, error, ...job });
  script.add(420, {
    type: 'aws.message',
    service: 'sqs',
    resource: 'FailedReports',
    messageId: '0c0c0c0c-0000-4000-8000-000000000003',
    body: JSON.stringify({
      version: '1.0',
      requestContext: {
        requestId: FIRST_BATCH,
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:worker:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 1,
      },
      responsePayload: { errorType: 'Error', errorMessage: 'no luck' },
    }),
  } as never);
  on(425, { type: 'extension.next', name: 'async-http', requestId: FIRST_BATCH });
  on(426, {
    type: 'invoke.end',
    requestId: FIRST_BATCH,
    durationMs: 306,
    tailMs: 266,
    status: 'success',
  });
  on(428, { type: 'frozen' });

  batch(1_200, SECOND_BATCH, [{ messageId: BAD_MESSAGE, receiveCount: 2 }]);
  on(1_201, { type: 'thawed' });
  run(1_202, SECOND_BATCH);
  on(1_243, { type: 'extension.next', name: 'async-http', requestId: SECOND_BATCH });
  on(1_244, {
    type: 'invoke.end',
    requestId: SECOND_BATCH,
    durationMs: 42,
    tailMs: 2,
    status: 'success',
  });
  on(1_246, { type: 'frozen' });
  done(1_250, SECOND_BATCH, { done: 0, failed: 1 });
  script.add(2_300, {
    type: 'aws.message',
    service: 'sqs',
    resource: 'DeadJobs',
    messageId: BAD_MESSAGE,
    body: '{"report":7}',
  } as never);
  return script.entries;
}
