import { describe, expect, it } from 'vitest';
import { codesOf, findingOf, sam, serverless } from '../support/project.ts';

const RESOURCES = `FailedJobs: { Type: AWS::SQS::Queue }
Alarm: { Type: AWS::SNS::Topic }
Bus: { Type: AWS::Events::EventBus }
Records: { Type: AWS::S3::Bucket }
Audit:
  Type: AWS::Serverless::Function
  Properties: { CodeUri: src/, Handler: report.background, Runtime: nodejs24.x, Timeout: 60 }`;

const withPolicies = (arn: string, policies: string, variable = 'ASYNC_HTTP_ON_FAILURE') =>
  sam({
    properties: policies,
    variables: `ASYNC_HANDLER: report.background\n${variable}: ${arn}`,
    resources: RESOURCES,
  });

const statement = (action: string, resource: string) =>
  `Policies: [{ Statement: [{ Effect: Allow, Action: ${action}, Resource: ${resource} }] }]`;

describe('a destination', () => {
  it('needs a statement in the role', async () => {
    expect(await findingOf(withPolicies('!GetAtt FailedJobs.Arn', ''))).toEqual({
      code: 'ASYNC_HTTP_CHECK_PERMISSION',
      severity: 'error',
      problem:
        'ASYNC_HTTP_ON_FAILURE is FailedJobs, but the role does not allow sqs:SendMessage on it, so no record would get there.',
      advice:
        'Add a statement to the role: Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt FailedJobs.Arn',
    });
  });

  it.each([
    ['an SQS queue', '!GetAtt FailedJobs.Arn', 'sqs:SendMessage', '!GetAtt FailedJobs.Arn'],
    ['an SNS topic', '!Ref Alarm', 'sns:Publish', '!Ref Alarm'],
    ['an event bus', '!GetAtt Bus.Arn', 'events:PutEvents', '!GetAtt Bus.Arn'],
    ['a function', '!GetAtt Audit.Arn', 'lambda:InvokeFunction', '!GetAtt Audit.Arn'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for Fn::Sub.
    ['a bucket', '!GetAtt Records.Arn', 's3:PutObject', '!Sub "${Records.Arn}/*"'],
    ['a queue, by pattern', '!GetAtt FailedJobs.Arn', '"sqs:Send*"', '"arn:aws:sqs:*:*:Failed*"'],
    [
      'a queue that is named in another region than the template knows',
      'arn:aws:sqs:eu-west-1:111122223333:failed',
      'SQS:sendmessage',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for Fn::Sub.
      '!Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:failed"',
    ],
  ])('is allowed: %s', async (_, arn, action, resource) => {
    expect(await codesOf(withPolicies(arn, statement(action, resource)))).toEqual([]);
  });

  it.each([
    ['another action', 'sqs:ReceiveMessage', '!GetAtt FailedJobs.Arn'],
    ['another queue', 'sqs:SendMessage', '"arn:aws:sqs:*:*:other"'],
    ['the bucket in place of its objects', 's3:PutObject', '!GetAtt Records.Arn'],
  ])('is not allowed by %s', async (_, action, resource) => {
    const arn = action.startsWith('s3') ? '!GetAtt Records.Arn' : '!GetAtt FailedJobs.Arn';
    expect(await codesOf(withPolicies(arn, statement(action, resource)))).toEqual([
      'error PERMISSION',
    ]);
  });

  it('is allowed by a policy template of SAM', async () => {
    const policies =
      'Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt FailedJobs.QueueName } }]';
    expect(await codesOf(withPolicies('!GetAtt FailedJobs.Arn', policies))).toEqual([]);
  });

  it('of successful jobs needs one too', async () => {
    const files = withPolicies('!GetAtt FailedJobs.Arn', '', 'ASYNC_HTTP_ON_SUCCESS');
    expect(await codesOf(files)).toEqual(['error PERMISSION']);
  });

  it.each([
    ['a role outside of the project', 'Role: arn:aws:iam::123456789012:role/ours'],
    ['a managed policy', 'Policies: [AmazonSQSFullAccess]'],
    ['a statement with an imported resource', statement('sqs:SendMessage', '!ImportValue jobs')],
  ])('is not checked with %s', async (_, policies) => {
    expect(await codesOf(withPolicies('!GetAtt FailedJobs.Arn', policies))).toEqual([
      'note PERMISSION_UNKNOWN',
    ]);
  });

  it('is allowed by a role of the project', async () => {
    const resources = `${RESOURCES}
Role:
  Type: AWS::IAM::Role
  Properties:
    Policies:
      - PolicyDocument:
          Statement: [{ Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt FailedJobs.Arn }]`;
    const variables =
      'ASYNC_HANDLER: report.background\nASYNC_HTTP_ON_FAILURE: !GetAtt FailedJobs.Arn';
    const properties = 'Role: !GetAtt Role.Arn';
    expect(await codesOf(sam({ properties, variables, resources }))).toEqual([]);
  });

  const RESOURCE = `resources:
  Resources:
    FailedJobs: { Type: AWS::SQS::Queue }`;
  const environment =
    'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_ON_FAILURE: !GetAtt FailedJobs.Arn';

  it('is allowed by the statements of Serverless Framework', async () => {
    const provider =
      'iam: { role: { statements: [{ Effect: Allow, Action: [sqs:SendMessage], Resource: [!GetAtt FailedJobs.Arn] }] } }';
    expect(await codesOf(serverless({ environment, top: RESOURCE, provider }))).toEqual([]);
  });

  it('is not allowed by the role that Serverless Framework makes by itself', async () => {
    expect(await codesOf(serverless({ environment, top: RESOURCE }))).toEqual(['error PERMISSION']);
  });
});
