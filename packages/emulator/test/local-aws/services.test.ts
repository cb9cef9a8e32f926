import { describe, expect, it } from 'vitest';
import { events, lambda, s3, sns, sqs } from './aws-sdk.ts';
import { DEAD, JOBS, queue, redriveTo, startLocalAws, TOPIC } from './start-local-aws.ts';

const { EventBridgeClient, ListRulesCommand, PutEventsCommand } = events;
const { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } = lambda;
const { GetObjectCommand, PutObjectCommand, S3Client } = s3;
const { PublishCommand, SNSClient } = sns;
const {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} = sqs;

const BUCKET = {
  service: 's3',
  label: 'Records',
  name: 'records',
  arn: 'arn:aws:s3:::records',
} as const;

describe('SQS', () => {
  it('reports what arrives in a queue that no function fetches from', async () => {
    const { client, tells } = await startLocalAws({ resources: [queue('DeadJobs', DEAD)] });

    // As the extension does it: the URL is AWS's own.
    const queues = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
    const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/dead-jobs';
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a job' }));

    await tells({ type: 'aws.message', service: 'sqs', resource: 'DeadJobs', body: 'a job' });
  });

  it('reports each message once, and leaves it in the queue', async () => {
    const { aws, client, events, tells } = await startLocalAws({
      resources: [queue('Dead', DEAD)],
    });
    const queues = new SQSClient(client);
    const QueueUrl = `${aws.url}/123456789012/dead-jobs`;
    for (const MessageBody of ['one', 'two']) {
      await queues.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }

    await tells({ body: 'two' });
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(['one', 'two']);
    expect(events).toHaveLength(2);
  });

  it('has the URLs, ARNs and attributes of the project', async () => {
    const { aws, client } = await startLocalAws({
      resources: [
        queue('Jobs', JOBS, { VisibilityTimeout: '60', ...redriveTo(DEAD, 3) }),
        queue('Dead', DEAD),
      ],
    });
    const queues = new SQSClient(client);

    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );

    expect(QueueUrl).toBe(`${aws.url}/123456789012/jobs`);
    expect(Attributes).toMatchObject({
      QueueArn: JOBS,
      VisibilityTimeout: '60',
      RedrivePolicy: `{"deadLetterTargetArn":"${DEAD}","maxReceiveCount":3}`,
    });
  });

  it('refuses a queue that the project does not have, as AWS does', async () => {
    const { aws, client } = await startLocalAws({ resources: [queue('Jobs', JOBS)] });
    const QueueUrl = `${aws.url}/123456789012/other`;

    await expect(
      new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
    ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('has queues of other Regions and accounts that a variable names', async () => {
    const arn = 'arn:aws:sqs:eu-west-1:111122223333:failed';
    const { client, tells } = await startLocalAws({
      resources: [queue('Jobs', JOBS), queue('failed', arn)],
    });

    const queues = new SQSClient({ ...client, region: 'eu-west-1', useQueueUrlAsEndpoint: false });
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/failed';
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'far away' }));

    await tells({ resource: 'failed', body: 'far away' });
  });
});

describe('SNS', () => {
  const topic = { service: 'sns', label: 'Told', name: 'told', arn: TOPIC } as const;

  it('reports what is published to a topic', async () => {
    const { client, tells } = await startLocalAws({ resources: [topic] });

    await new SNSClient(client).send(new PublishCommand({ TopicArn: TOPIC, Message: 'news' }));

    await tells({ type: 'aws.message', service: 'sns', resource: 'Told', body: 'news' });
  });

  it('reports it where it goes, when queues subscribe to the topic', async () => {
    const subscriptions = [{ queueArn: DEAD, attributes: { RawMessageDelivery: 'true' } }];
    const { client, events, tells } = await startLocalAws({
      resources: [queue('Heard', DEAD), { ...topic, subscriptions }],
    });

    await new SNSClient(client).send(new PublishCommand({ TopicArn: TOPIC, Message: 'news' }));

    await tells({ service: 'sqs', resource: 'Heard', body: 'news' });
    expect(events).toHaveLength(1);
  });
});

describe('EventBridge', () => {
  const bus = {
    service: 'events',
    label: 'Shop',
    name: 'my-bus',
    arn: 'arn:aws:events:us-east-1:123456789012:event-bus/my-bus',
  } as const;
  const entry = { Source: 'lambda', DetailType: 'a type', Detail: '{"order":1}' };

  it.each([bus.arn, bus.name])('reports the detail of an event for %s', async (EventBusName) => {
    const { client, tells } = await startLocalAws({ resources: [bus] });

    const { FailedEntryCount, Entries } = await new EventBridgeClient(client).send(
      new PutEventsCommand({ Entries: [{ ...entry, EventBusName }] }),
    );

    expect(FailedEntryCount).toBe(0);
    expect(Entries?.[0]?.EventId).toBeDefined();
    await tells({ service: 'events', resource: 'Shop', body: '{"order":1}' });
  });

  // API_PutEvents: a refused entry comes with status 200.
  it.each([
    [{ ...entry, Detail: '{' }, 'MalformedDetail'],
    [{ ...entry, Source: '' }, 'InvalidArgument'],
  ])('refuses an entry alone: %j', async (refused, ErrorCode) => {
    const { client, events } = await startLocalAws({ resources: [bus] });

    const { FailedEntryCount, Entries } = await new EventBridgeClient(client).send(
      new PutEventsCommand({ Entries: [refused, entry] }),
    );

    expect(FailedEntryCount).toBe(1);
    expect(Entries?.[0]).toMatchObject({ ErrorCode });
    expect(events).toMatchObject([{ resource: 'default' }]);
  });

  it('answers what it does not do with an error of AWS', async () => {
    const { client } = await startLocalAws({ resources: [bus] });

    await expect(
      new EventBridgeClient(client).send(new ListRulesCommand({})),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'ListRules is not emulated.',
    });
  });
});

it('S3 keeps an object, and reports its key', async () => {
  const { client, tells } = await startLocalAws({ resources: [BUCKET] });
  const store = new S3Client(client);
  const object = { Bucket: 'records', Key: 'aws/lambda/a key' };

  await store.send(new PutObjectCommand({ ...object, Body: '{"a":1}' }));

  const { Body } = await store.send(new GetObjectCommand(object));
  expect(await Body?.transformToString()).toBe('{"a":1}');
  await tells({ service: 's3', resource: 'Records', key: 'aws/lambda/a key', body: '{"a":1}' });
});

it('Lambda passes a streamed response on as it comes', async () => {
  const gate = Promise.withResolvers<void>();
  const { client } = await startLocalAws({
    resources: [],
    worker: () => gate.promise,
    streams: true,
  });

  const { EventStream } = await new LambdaClient(client).send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'worker' }),
  );
  const parts = EventStream?.[Symbol.asyncIterator]();
  const next = async () => {
    const { PayloadChunk } = (await parts?.next())?.value ?? {};
    return Buffer.from(PayloadChunk?.Payload ?? []).toString();
  };

  expect(await next()).toBe('first');
  gate.resolve();
  expect(await next()).toBe('second');
});

it('Lambda invokes the functions of the project', async () => {
  const { client } = await startLocalAws({
    resources: [BUCKET],
    worker: (event) => ({ got: event }),
  });

  const { Payload } = await new LambdaClient(client).send(
    new InvokeCommand({
      FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:worker',
      Payload: Buffer.from('{"order":1}'),
    }),
  );

  expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ got: { order: 1 } });
});
