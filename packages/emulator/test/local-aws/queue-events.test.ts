import { expect, it } from 'vitest';
import { sqs } from './aws-sdk.ts';
import { DEAD, JOBS, queue, redriveTo, startLocalAws } from './start-local-aws.ts';

const { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } = sqs;
const PATIENT = { timeout: 20_000 };
const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs';

async function send(client: object, ...bodies: string[]) {
  const queues = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await queues.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
}

it('a message invokes the function with the event that Lambda would make', async () => {
  const { promise, resolve } = Promise.withResolvers<object>();
  const { client, tells } = await startLocalAws({
    resources: [queue('Jobs', JOBS)],
    eventSource: {},
    worker: resolve,
  });

  const queues = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  await queues.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'a job',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'report' } },
    }),
  );

  // "Using Lambda with Amazon SQS": Example standard queue message event.
  expect(await promise).toEqual({
    Records: [
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'a job',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          kind: {
            stringValue: 'report',
            stringListValues: [],
            binaryListValues: [],
            dataType: 'String',
          },
        },
        md5OfMessageAttributes: expect.any(String),
        md5OfBody: expect.any(String),
        eventSource: 'aws:sqs',
        eventSourceARN: JOBS,
        awsRegion: 'us-east-1',
      },
    ],
  });
  await tells({ type: 'queue.batch', functionName: 'worker', resource: 'Jobs', messages: 1 });
  await tells({ type: 'queue.done', functionName: 'worker', resource: 'Jobs', done: 1, failed: 0 });
});

it('a batch has no more messages than the event source says', async () => {
  const sizes: number[] = [];
  const { client, tells } = await startLocalAws({
    resources: [queue('Jobs', JOBS)],
    eventSource: { batchSize: 2, maxConcurrency: 1 },
    worker: ({ Records }) => void sizes.push(Records.length),
  });

  await send(client, 'one', 'two', 'three');

  await tells({ type: 'queue.done', done: 1 });
  expect(sizes).toEqual([2, 1]);
});

it('no more batches run at once than the event source says', async () => {
  let running = 0;
  let most = 0;
  const bodies: string[] = [];
  const { client } = await startLocalAws({
    resources: [queue('Jobs', JOBS)],
    eventSource: { batchSize: 1, maxConcurrency: 2 },
    async worker({ Records }) {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running--;
      bodies.push(...Records.map(({ body }) => body));
    },
  });

  await send(client, 'one', 'two', 'three', 'four');

  await expect.poll(() => bodies, PATIENT).toHaveLength(4);
  expect(most).toBe(2);
});

it('messages of a failed invoke come back, and go to the dead-letter queue at last', async () => {
  const attempts: string[] = [];
  const { client, events, tells } = await startLocalAws({
    resources: [
      queue('Jobs', JOBS, { VisibilityTimeout: '0', ...redriveTo(DEAD, 2) }),
      queue('DeadJobs', DEAD),
    ],
    eventSource: {},
    worker({ Records }) {
      attempts.push(...Records.map(({ body }) => body));
      throw new TypeError('no luck');
    },
  });

  await send(client, 'a job');

  await tells({ type: 'aws.message', resource: 'DeadJobs', body: 'a job' });
  expect(attempts).toEqual(['a job', 'a job']);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'queue.done', failed: 1, problem: 'TypeError: no luck' }),
  );
});

it('only the messages that ReportBatchItemFailures names come back', async () => {
  const seen: string[] = [];
  const { client, tells } = await startLocalAws({
    resources: [
      queue('Jobs', JOBS, { VisibilityTimeout: '0', ...redriveTo(DEAD, 1) }),
      queue('DeadJobs', DEAD),
    ],
    eventSource: { reportsFailures: true },
    worker({ Records }) {
      seen.push(...Records.map(({ body }) => body));
      const failed = Records.filter(({ body }) => body === 'bad');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  });

  await send(client, 'good', 'bad');

  await tells({ type: 'aws.message', resource: 'DeadJobs', body: 'bad' });
  expect(seen.toSorted()).toEqual(['bad', 'good']);
});

it('the events of a batch name its messages, its invoke, and what happens to those that fail', async () => {
  const { client, events, tells } = await startLocalAws({
    resources: [
      queue('Jobs', JOBS, { VisibilityTimeout: '1', ...redriveTo(DEAD, 2) }),
      queue('DeadJobs', DEAD),
    ],
    eventSource: { batchSize: 4, reportsFailures: true },
    worker: ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    }),
  });

  await send(client, 'bad');
  await tells({ type: 'aws.message', resource: 'DeadJobs', body: 'bad' });

  const [first, , second] = events;
  const id = first?.type === 'queue.batch' ? first.records[0]?.messageId : undefined;
  const about = { functionName: 'worker', resource: 'Jobs' };
  const batch = {
    ...about,
    type: 'queue.batch',
    requestId: expect.stringMatching(/^[-0-9a-f]{36}$/),
    messages: 1,
    batchSize: 4,
    visibilityTimeoutMs: 1_000,
    deadLetter: { resource: 'DeadJobs', maxReceiveCount: 2 },
  };
  const done = { ...about, type: 'queue.done', done: 0, failed: 1, failedIds: [id] };
  expect(events).toMatchObject([
    { ...batch, records: [{ messageId: id, receiveCount: 1 }] },
    { ...done, requestId: first && 'requestId' in first && first.requestId },
    { ...batch, records: [{ messageId: id, receiveCount: 2 }] },
    { ...done, requestId: second && 'requestId' in second && second.requestId },
    { type: 'aws.message', resource: 'DeadJobs', messageId: id },
  ]);
});

it('a newer version of the project keeps the messages that are there', async () => {
  const bodies: string[] = [];
  const { aws, project, client } = await startLocalAws({
    resources: [queue('Jobs', JOBS)],
    eventSource: {},
    worker: ({ Records }) => void bodies.push(...Records.map(({ body }) => body)),
  });
  await send(client, 'one');
  await expect.poll(() => bodies, PATIENT).toEqual(['one']);

  aws.replace({ ...project, eventSources: [] });
  aws.replace(project);
  await send(client, 'two');

  await expect.poll(() => bodies, PATIENT).toEqual(['one', 'two']);
});

it('no function is invoked any more once it is stopped', async () => {
  const { aws, client, events } = await startLocalAws({
    resources: [queue('Jobs', JOBS)],
    eventSource: {},
  });
  await send(client, 'one');
  await expect.poll(() => events.map(({ type }) => type), PATIENT).toContain('queue.done');

  aws.stop();
  await send(client, 'two');
  const queues = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const left = async () =>
    (await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }))).Messages;

  expect(await left()).toMatchObject([{ Body: 'two' }]);
  expect(events.filter(({ type }) => type === 'queue.batch')).toHaveLength(1);
});

it('a message that no filter lets through is deleted and reported', async () => {
  const bodies: string[] = [];
  const { client, tells, events } = await startLocalAws({
    resources: [queue('Jobs', JOBS, { VisibilityTimeout: '1' })],
    eventSource: { filters: [{ body: { kind: ['report'] } }] },
    worker: ({ Records }) => void bodies.push(...Records.map(({ body }) => body)),
  });

  await send(client, '{"kind":"mail"}', '{"kind":"report"}', 'text');

  await tells({ type: 'queue.done', done: 1 });
  await expect
    .poll(() => events.flatMap((event) => (event.type === 'queue.filtered' ? event.messages : [])))
    .toSatisfy((counts: number[]) => counts.reduce((sum, count) => sum + count, 0) === 2);
  expect(bodies).toEqual(['{"kind":"report"}']);
});
