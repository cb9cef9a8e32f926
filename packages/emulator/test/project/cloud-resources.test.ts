import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda } from './cdk-out.ts';
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

const TABLES = `
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: orders
        AttributeDefinitions:
          - { AttributeName: customer, AttributeType: S }
          - { AttributeName: at, AttributeType: N }
          - { AttributeName: state, AttributeType: S }
        KeySchema:
          - { AttributeName: customer, KeyType: HASH }
          - { AttributeName: at, KeyType: RANGE }
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: "1" }
        GlobalSecondaryIndexes:
          - IndexName: by-state
            KeySchema: [{ AttributeName: state, KeyType: HASH }]
            Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [total] }
            ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 }
        LocalSecondaryIndexes:
          - IndexName: by-customer-and-state
            KeySchema:
              - { AttributeName: customer, KeyType: HASH }
              - { AttributeName: state, KeyType: RANGE }
            Projection: { ProjectionType: KEYS_ONLY }
        SSESpecification: { SSEEnabled: true }
        StreamSpecification: { StreamViewType: NEW_IMAGE }
        TimeToLiveSpecification: { AttributeName: gone, Enabled: true }
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
        Tags: [{ Key: team, Value: shop }]
    Everywhere:
      Type: AWS::DynamoDB::GlobalTable
      Properties:
        AttributeDefinitions: [{ AttributeName: id, AttributeType: B }]
        KeySchema: [{ AttributeName: id, KeyType: HASH }]
        WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 1 } }
        Replicas: [{ Region: eu-west-1 }]
`;

const EXPECTED_TABLES = [
  {
    service: 'dynamodb',
    label: 'Orders',
    name: 'orders',
    arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders',
    timeToLive: 'gone',
    table: {
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'state', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-state',
          KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['total'] },
          ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-customer-and-state',
          KeySchema: [
            { AttributeName: 'customer', KeyType: 'HASH' },
            { AttributeName: 'state', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 1 },
    },
  },
  {
    service: 'dynamodb',
    label: 'Everywhere',
    name: 'Everywhere',
    arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Everywhere',
    table: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'B' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
];

describe('the tables of a project, with their keys and indexes', () => {
  it('are in a SAM template, simple ones too', () => {
    const { functions, resources, warnings } = read(
      'template.yaml',
      `
Resources:
${TABLES}
    Simple:
      Type: AWS::Serverless::SimpleTable
    Numbered:
      Type: AWS::Serverless::SimpleTable
      Properties: { PrimaryKey: { Name: number, Type: Number } }
    Api:
      Type: AWS::Serverless::Function
      Properties:
        Handler: index.handler
        Runtime: nodejs24.x
        Environment:
          Variables: { ORDERS: !Ref Orders, ARN: !GetAtt Everywhere.Arn, SIMPLE: !Ref Simple }
`,
    );

    expect(resources).toEqual([
      ...EXPECTED_TABLES,
      expect.objectContaining({
        name: 'Simple',
        table: {
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      }),
      expect.objectContaining({
        name: 'Numbered',
        table: {
          AttributeDefinitions: [{ AttributeName: 'number', AttributeType: 'N' }],
          KeySchema: [{ AttributeName: 'number', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      }),
    ]);
    expect(functions[0]?.environment).toEqual({
      ORDERS: 'orders',
      ARN: EXPECTED_TABLES[1]?.arn,
      SIMPLE: 'Simple',
    });
    expect(warnings).toEqual([]);
  });

  it('are in a serverless.yml', () => {
    const { resources, warnings } = read(
      'serverless.yml',
      `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions: { api: { handler: index.handler } }
resources:
  Resources:
${TABLES}
`,
    );

    expect(resources).toEqual(EXPECTED_TABLES);
    expect(warnings).toEqual([]);
  });

  it('are in what an app of the CDK has written', () => {
    const folder = projectFolder(
      cdkOut(
        {
          Shop: {
            Resources: {
              Everywhere: {
                Type: 'AWS::DynamoDB::GlobalTable',
                Properties: {
                  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'B' }],
                  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
                  BillingMode: 'PAY_PER_REQUEST',
                  Replicas: [{ Region: { Ref: 'AWS::Region' } }],
                },
              },
              Api: lambda('Shop/Api', {
                Environment: { Variables: { TABLE: { Ref: 'Everywhere' } } },
              }),
            },
          },
        },
        { assets: ['code'] },
      ),
    );

    const { functions, resources, warnings } = readProject(join(folder, 'manifest.json'));

    expect(resources).toEqual([EXPECTED_TABLES[1]]);
    expect(functions[0]?.environment).toEqual({ TABLE: 'Everywhere' });
    expect(warnings).toEqual([]);
  });

  it('have names of at least three characters, as DynamoDB wants it', () => {
    const { functions, resources } = read(
      'template.yaml',
      `
Resources:
  Db: { Type: AWS::Serverless::SimpleTable }
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      Environment: { Variables: { TABLE: !Ref Db } }
`,
    );

    expect(resources[0]?.name).toBe('Db-');
    expect(functions[0]?.environment).toEqual({ TABLE: 'Db-' });
  });
});
