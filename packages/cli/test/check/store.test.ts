import { describe, expect, it } from 'vitest';
import { codesOf, findingOf, sam } from '../support/project.ts';

const RESOURCES = `Jobs:
  Type: AWS::DynamoDB::Table
  Properties:
    AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
    KeySchema: [{ AttributeName: id, KeyType: HASH }]
    TimeToLiveSpecification: { AttributeName: expiresAt, Enabled: true }`;

const withStore = (policies: string, variables = 'ASYNC_HTTP_STORE: !GetAtt Jobs.Arn') =>
  sam({
    properties: policies,
    variables: `ASYNC_HANDLER: report.background\n${variables}`,
    resources: RESOURCES,
  });

describe('the table of ASYNC_HTTP_STORE', () => {
  it('needs a statement in the role', async () => {
    expect(await findingOf(withStore(''))).toEqual({
      code: 'ASYNC_HTTP_CHECK_PERMISSION',
      severity: 'error',
      problem:
        'ASYNC_HTTP_STORE is Jobs, but the role does not allow dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem on it, so keys and states of jobs could not be kept there.',
      advice:
        'Add a statement to the role: Effect: Allow, Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem], Resource: !GetAtt Jobs.Arn',
    });
  });

  it.each([
    ['a policy template of SAM', 'Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Jobs } }]'],
    [
      'a statement with a pattern',
      'Policies: [{ Statement: [{ Effect: Allow, Action: "dynamodb:*Item", Resource: !GetAtt Jobs.Arn }] }]',
    ],
  ])('is allowed by %s', async (_, policies) => {
    expect(await codesOf(withStore(policies))).toEqual([]);
  });

  it('may be named without its ARN', async () => {
    const policies = 'Policies: [{ DynamoDBCrudPolicy: { TableName: jobs } }]';

    expect(await codesOf(withStore(policies, 'ASYNC_HTTP_STORE: jobs'))).toEqual([]);
  });

  it('is not allowed by a policy that only reads', async () => {
    const policies = 'Policies: [{ DynamoDBReadPolicy: { TableName: !Ref Jobs } }]';

    expect(await findingOf(withStore(policies))).toMatchObject({
      problem: expect.stringContaining('does not allow dynamodb:PutItem, dynamodb:UpdateItem'),
    });
  });

  it('must have the partition key "id"', async () => {
    const other = RESOURCES.replaceAll('AttributeName: id', 'AttributeName: jobId');
    const project = sam({
      properties: 'Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Jobs } }]',
      variables: 'ASYNC_HANDLER: report.background\nASYNC_HTTP_STORE: !GetAtt Jobs.Arn',
      resources: other,
    });

    expect(await findingOf(project)).toMatchObject({
      code: 'ASYNC_HTTP_CHECK_STORE',
      severity: 'error',
      problem: expect.stringContaining(
        'ASYNC_HTTP_STORE is Jobs, whose key is not a partition key of type string with the name "id"',
      ),
    });
  });

  it.each([
    ['has no time to live', /^ *TimeToLive.*$/m, ''],
    ['has no time to live', 'Enabled: true', 'Enabled: false'],
    ['deletes items by "ttl"', 'AttributeName: expiresAt', 'AttributeName: ttl'],
  ])('that %s keeps jobs for ever', async (found, written, instead) => {
    const project = sam({
      properties: 'Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Jobs } }]',
      variables: 'ASYNC_HANDLER: report.background\nASYNC_HTTP_STORE: !GetAtt Jobs.Arn',
      resources: RESOURCES.replace(written, instead),
    });

    expect(await findingOf(project)).toMatchObject({
      code: 'ASYNC_HTTP_CHECK_STORE',
      severity: 'warning',
      problem: expect.stringContaining(`ASYNC_HTTP_STORE is Jobs, which ${found}, so keys`),
    });
  });

  it('must be a table', async () => {
    expect(await findingOf(withStore('', 'ASYNC_HTTP_STORE: "arn:aws:s3:::jobs"'))).toMatchObject({
      code: 'ASYNC_HTTP_CHECK_VARIABLE',
      problem: expect.stringContaining('must be the name or the ARN of a DynamoDB table'),
    });
  });

  it('keeps results only when that is "on"', async () => {
    const policies = 'Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Jobs } }]';
    const variables = 'ASYNC_HTTP_STORE: !Ref Jobs\nASYNC_HTTP_STORE_RESULTS: "yes"';

    expect(await findingOf(withStore(policies, variables))).toMatchObject({
      severity: 'warning',
      problem: expect.stringContaining('ASYNC_HTTP_STORE_RESULTS must be "on"'),
    });
  });
});
