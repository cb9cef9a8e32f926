import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

const read = (file: string, content: string) =>
  readProject(join(projectFolder({ [file]: content, 'index.js': '' }), file));

const serverless = (patterns: string) => `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  worker:
    handler: index.handler
    events:
      - sqs: { arn: 'arn:aws:sqs:us-east-1:123456789012:jobs', filterPatterns: ${patterns} }
`;

const REPORTS = [{ body: { kind: ['report'] } }];

describe('filters of queue events', () => {
  it('of Serverless Framework: filterPatterns', () => {
    const { eventSources, warnings } = read(
      'serverless.yml',
      serverless('[{ body: { kind: [report] } }]'),
    );
    expect(eventSources[0]?.filters).toEqual(REPORTS);
    expect(warnings).toEqual([]);
  });

  it('of SAM: FilterCriteria', () => {
    const { eventSources, warnings } = read(
      'template.yaml',
      `
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["report"]}}' }] }
`,
    );
    expect(eventSources[0]?.filters).toEqual(REPORTS);
    expect(warnings).toEqual([]);
  });

  it('that are not JSON end the run with their line', () => {
    const run = () => read('serverless.yml', serverless(`['{"body":']`));
    expect(run).toThrow(/serverless\.yml:8: .*filterPatterns has a pattern that is not a JSON/);
  });
});
