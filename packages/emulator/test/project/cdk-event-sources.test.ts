import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { cdkOut, lambda } from './cdk-out.ts';
import { projectFolder } from './project-folder.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Jobs';

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
  const project = read({
    BatchSize: 5,
    MaximumBatchingWindowInSeconds: 2,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 3 },
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["report"]}}' }] },
  });

  expect(project.eventSources).toEqual([
    {
      functionName: 'Worker',
      queueArn: QUEUE,
      batchSize: 5,
      batchingWindowMs: 2_000,
      reportsFailures: true,
      maxConcurrency: 3,
      filters: [{ body: { kind: ['report'] } }],
    },
  ]);
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
