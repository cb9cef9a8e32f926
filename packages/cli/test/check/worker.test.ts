import { describe, expect, it } from 'vitest';
import { codesOf, findingOf, serverless } from '../support/project.ts';

const queue = (properties: string) => `resources:
  Resources:
    Jobs: { Type: AWS::SQS::Queue, Properties: { ${properties} } }`;

const worker = ({ visibility = 'VisibilityTimeout: 360', event = '' } = {}) =>
  serverless({
    top: queue(visibility),
    fn: `handler: /opt/proxy.consumer
events:
  - sqs:
      arn: !GetAtt Jobs.Arn
      ${event}`,
  });

const ANSWER = 'functionResponseType: ReportBatchItemFailures';

describe('the worker of a queue', () => {
  it('has no findings when it answers and has time', async () => {
    expect(await codesOf(worker({ event: ANSWER }))).toEqual([]);
  });

  it('must answer which messages have failed', async () => {
    expect(await findingOf(worker())).toEqual({
      code: 'ASYNC_HTTP_CHECK_WORKER_ANSWER',
      severity: 'error',
      problem:
        'The event of the queue does not have ReportBatchItemFailures, so Lambda would delete failed jobs as if they had succeeded.',
      advice: 'Add functionResponseType: ReportBatchItemFailures to the sqs event.',
    });
  });

  it('should have its jobs hidden for six times its timeout', async () => {
    const { severity, advice } = await findingOf(
      worker({ event: ANSWER, visibility: 'VisibilityTimeout: 359' }),
    );
    expect([severity, advice]).toEqual([
      'warning',
      'Set VisibilityTimeout of Jobs to 360 or more.',
    ]);
  });

  it('must have its jobs hidden for its timeout, which 30 seconds by default are not', async () => {
    expect(await codesOf(worker({ event: ANSWER, visibility: '' }))).toEqual([
      'error WORKER_VISIBILITY',
    ]);
  });

  it('needs a background handler', async () => {
    const files = worker({ event: ANSWER });
    const yaml = String(files['serverless.yml']).replace('ASYNC_HANDLER', 'LOG');
    expect(await codesOf({ ...files, 'serverless.yml': yaml })).toEqual(['error VARIABLE_MISSING']);
  });
});

describe('a function that delivers its jobs', () => {
  const environment = 'ASYNC_HTTP_DELIVERY: !GetAtt Jobs.Arn';
  const provider = `iam: { role: { statements: [{ Effect: Allow, Action: 'sqs:SendMessage', Resource: '*' }] } }`;

  it('needs the permission', async () => {
    const codes = await codesOf(serverless({ environment, top: queue('') }));
    expect(codes).toContain('error PERMISSION');
  });

  it('wants a function that takes them', async () => {
    const codes = await codesOf(serverless({ environment, provider, top: queue('') }));
    expect(codes).toEqual(['warning WORKER_MISSING']);
  });
});
