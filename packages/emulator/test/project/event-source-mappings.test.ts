import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Jobs';

const SETTINGS = {
  BatchSize: 5,
  MaximumBatchingWindowInSeconds: 2,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  ScalingConfig: { MaximumConcurrency: 3 },
  FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["report"]}}' }] },
};

/** What they come to. */
const FED = {
  queueArn: QUEUE,
  batchSize: 5,
  batchingWindowMs: 2_000,
  reportsFailures: true,
  maxConcurrency: 3,
  filters: [{ body: { kind: ['report'] } }],
};

function read(properties: object) {
  const Resources = {
    Jobs: { Type: 'AWS::SQS::Queue' },
    Worker: lambda('Shop/Worker'),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
        FunctionName: { Ref: 'Worker' },
        ...properties,
      },
    },
  };
  const folder = projectFolder(cdkOut({ Shop: { Resources } }, { assets: ['code'] }));
  return readProject(join(folder, 'manifest.json'));
}

it('an event source mapping of the CDK feeds its function from the queue', () => {
  const project = read(SETTINGS);

  expect(project.eventSources).toEqual([{ functionName: 'Worker', ...FED }]);
  expect(project.resources).toMatchObject([{ service: 'sqs', label: 'Jobs', arn: QUEUE }]);
  expect(project.warnings).toEqual([]);
});

it('it may name the function by its ARN', () => {
  const { eventSources } = read({ FunctionName: { 'Fn::GetAtt': ['Worker', 'Arn'] } });
  expect(eventSources).toMatchObject([{ functionName: 'Worker', batchSize: 10 }]);
});

it('one that is switched off does nothing', () => {
  expect(read({ Enabled: false }).eventSources).toEqual([]);
});

it.each([
  ['kinesis', 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks'],
  ['dynamodb', 'arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/1'],
])('a source of another kind is named in a warning: %s', (service, EventSourceArn) => {
  const { eventSources, warnings } = read({ EventSourceArn });
  expect(eventSources).toEqual([]);
  expect(warnings.join()).toContain(`Events of type ${service} are not emulated`);
});

/** A project file with the queue, and with mappings to the function in it. */
function readMappings(file: 'template.yaml' | 'serverless.yml', names: readonly unknown[]) {
  const mappings = names.map((FunctionName, index) => [
    `Mapping${index}`,
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, FunctionName, ...SETTINGS },
    },
  ]);
  const Resources = {
    Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Jobs' } },
    ...Object.fromEntries(mappings),
  };
  const Worker = {
    Type: 'AWS::Serverless::Function',
    Properties: { CodeUri: '.', Handler: 'index.handler', Runtime: 'nodejs24.x' },
  };
  const content = {
    'template.yaml': { Resources: { Worker, ...Resources } },
    'serverless.yml': {
      service: 'shop',
      provider: { name: 'aws', runtime: 'nodejs24.x' },
      functions: { worker: { handler: 'index.handler' } },
      resources: { Resources },
    },
  }[file];
  // JSON is YAML.
  const folder = projectFolder({ 'index.js': '', [file]: JSON.stringify(content) });
  return readProject(join(folder, file), { env: {} });
}

it('an event source mapping of a SAM template feeds its function from the queue', () => {
  const names = [
    { Ref: 'Worker' },
    { 'Fn::GetAtt': ['Worker', 'Arn'] },
    'arn:aws:lambda:us-east-1:123456789012:function:Worker:live',
  ];
  const { eventSources, resources, warnings } = readMappings('template.yaml', names);

  expect(eventSources).toEqual(names.map(() => ({ functionName: 'Worker', ...FED })));
  expect(resources).toMatchObject([{ service: 'sqs', label: 'Jobs', arn: QUEUE }]);
  expect(warnings).toEqual([]);
});

it('one among the resources of Serverless Framework does so too', () => {
  const names = [
    { Ref: 'WorkerLambdaFunction' },
    { 'Fn::GetAtt': ['WorkerLambdaFunction', 'Arn'] },
    'shop-dev-worker',
  ];
  const { eventSources, resources, warnings } = readMappings('serverless.yml', names);

  expect(eventSources).toEqual(names.map(() => ({ functionName: 'worker', ...FED })));
  expect(resources).toMatchObject([{ service: 'sqs', label: 'Jobs', arn: QUEUE }]);
  expect(warnings).toEqual([]);
});

it('one that leads to no function of the project does nothing', () => {
  expect(readMappings('template.yaml', ['elsewhere']).eventSources).toEqual([]);
});
