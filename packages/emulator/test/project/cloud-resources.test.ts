import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

function read(file: string, yaml: string) {
  const folder = projectFolder({ [file]: yaml, 'index.js': '' });
  return readProject(join(folder, file), { env: {} });
}

const RESOURCES = `
    Jobs:
      Type: AWS::SQS::Queue
      Properties:
        VisibilityTimeout: 60
        RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
    Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead-jobs } }
    Told: { Type: AWS::SNS::Topic }
    Heard:
      Type: AWS::SNS::Subscription
      Properties: { TopicArn: !Ref Told, Protocol: sqs, Endpoint: !GetAtt Dead.Arn, RawMessageDelivery: true }
    Records: { Type: AWS::S3::Bucket }
`;

const EXPECTED = [
  {
    service: 'sqs',
    label: 'Jobs',
    name: 'Jobs',
    arn: 'arn:aws:sqs:us-east-1:123456789012:Jobs',
    attributes: {
      VisibilityTimeout: '60',
      RedrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead-jobs","maxReceiveCount":3}',
    },
  },
  {
    service: 'sqs',
    label: 'Dead',
    name: 'dead-jobs',
    arn: 'arn:aws:sqs:us-east-1:123456789012:dead-jobs',
    attributes: {},
  },
  {
    service: 'sns',
    label: 'Told',
    name: 'Told',
    arn: 'arn:aws:sns:us-east-1:123456789012:Told',
    subscriptions: [
      {
        queueArn: 'arn:aws:sqs:us-east-1:123456789012:dead-jobs',
        attributes: { RawMessageDelivery: 'true' },
      },
    ],
  },
  { service: 's3', label: 'Records', name: 'records', arn: 'arn:aws:s3:::records' },
];

it('a SAM template says which queues, topics and buckets there are, and whom messages invoke', () => {
  const { resources, eventSources, warnings } = read(
    'template.yaml',
    `
Resources:
${RESOURCES}
    Worker:
      Type: AWS::Serverless::Function
      Properties:
        Handler: index.handler
        Runtime: nodejs24.x
        Events:
          Job:
            Type: SQS
            Properties:
              Queue: !GetAtt Jobs.Arn
              BatchSize: 5
              MaximumBatchingWindowInSeconds: 1
              FunctionResponseTypes: [ReportBatchItemFailures]
              ScalingConfig: { MaximumConcurrency: 2 }
          Off: { Type: SQS, Properties: { Queue: !GetAtt Dead.Arn, Enabled: false } }
`,
  );

  expect(resources).toEqual(EXPECTED);
  expect(eventSources).toEqual([
    {
      functionName: 'Worker',
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:Jobs',
      batchSize: 5,
      batchingWindowMs: 1000,
      reportsFailures: true,
      maxConcurrency: 2,
    },
  ]);
  expect(warnings).toEqual([]);
});

it('a serverless.yml says the same', () => {
  const { resources, eventSources, warnings } = read(
    'serverless.yml',
    `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  worker:
    handler: index.handler
    events:
      - sqs: { arn: !GetAtt Jobs.Arn, batchSize: 5, maximumBatchingWindow: 1, functionResponseType: ReportBatchItemFailures, maximumConcurrency: 2 }
      - sqs: !GetAtt Dead.Arn
resources:
  Resources:
${RESOURCES}
`,
  );

  expect(resources).toEqual(EXPECTED);
  expect(eventSources).toEqual([
    {
      functionName: 'worker',
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:Jobs',
      batchSize: 5,
      batchingWindowMs: 1000,
      reportsFailures: true,
      maxConcurrency: 2,
    },
    {
      functionName: 'worker',
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:dead-jobs',
      batchSize: 10,
      batchingWindowMs: 0,
      reportsFailures: false,
      maxConcurrency: 5,
    },
  ]);
  expect(warnings).toEqual([]);
});

it('what variables name belongs to the project too', () => {
  const { resources } = read(
    'serverless.yml',
    `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  api:
    handler: index.handler
    environment:
      ASYNC_HTTP_ON_FAILURE: arn:aws:sqs:eu-west-1:111122223333:failed
      BUS: arn:aws:events:eu-west-1:111122223333:event-bus/shop
      URL: https://sqs.eu-west-1.amazonaws.com/111122223333/other
      NEITHER: arn:aws:dynamodb:eu-west-1:111122223333:table/orders
`,
  );

  expect(resources.map(({ service, label, arn }) => [service, label, arn])).toEqual([
    ['sqs', 'failed', 'arn:aws:sqs:eu-west-1:111122223333:failed'],
    ['events', 'shop', 'arn:aws:events:eu-west-1:111122223333:event-bus/shop'],
    ['sqs', 'other', 'arn:aws:sqs:eu-west-1:111122223333:other'],
  ]);
});
