import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

// What CloudFormation's pages on each type call "Return values".
const RESOURCES = `
  Failed: { Type: AWS::SQS::Queue }
  Ordered: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Named: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub 'jobs-\${AWS::Region}' } }
  Told: { Type: AWS::SNS::Topic }
  Bus: { Type: AWS::Events::EventBus, Properties: { Name: my-bus } }
  Records: { Type: AWS::S3::Bucket }
  Orders: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders } }
  Everywhere: { Type: AWS::DynamoDB::GlobalTable }
  Clicks: { Type: AWS::Kinesis::Stream }
  Users: { Type: AWS::Cognito::UserPoolResourceServer, Properties: { Identifier: users } }
`;

const VARIABLES = {
  QUEUE: ['!GetAtt Failed.Arn', 'arn:aws:sqs:us-east-1:123456789012:Failed'],
  QUEUE_LONG: ["{ 'Fn::GetAtt': [Failed, Arn] }", 'arn:aws:sqs:us-east-1:123456789012:Failed'],
  QUEUE_SUB: [`!Sub '\${Failed.Arn}'`, 'arn:aws:sqs:us-east-1:123456789012:Failed'],
  QUEUE_URL: ['!Ref Failed', 'https://sqs.us-east-1.amazonaws.com/123456789012/Failed'],
  QUEUE_NAME: ['!GetAtt Named.QueueName', 'jobs-us-east-1'],
  FIFO: ['!GetAtt Ordered.Arn', 'arn:aws:sqs:us-east-1:123456789012:Ordered.fifo'],
  TOPIC: ['!Ref Told', 'arn:aws:sns:us-east-1:123456789012:Told'],
  TOPIC_ARN: ['!GetAtt Told.TopicArn', 'arn:aws:sns:us-east-1:123456789012:Told'],
  BUS: ['!GetAtt Bus.Arn', 'arn:aws:events:us-east-1:123456789012:event-bus/my-bus'],
  BUS_NAME: ['!Ref Bus', 'my-bus'],
  BUCKET: ['!GetAtt Records.Arn', 'arn:aws:s3:::records'],
  BUCKET_NAME: ['!Ref Records', 'records'],
  TABLE: ['!Ref Orders', 'orders'],
  TABLE_ARN: ['!GetAtt Orders.Arn', 'arn:aws:dynamodb:us-east-1:123456789012:table/orders'],
  GLOBAL_TABLE: ['!Ref Everywhere', 'Everywhere'],
  STREAM: ['!Ref Clicks', 'Clicks'],
  SCOPE: [`!Sub '\${Users}/read'`, 'users/read'],
} as const;

const EXPECTED = Object.fromEntries(
  Object.entries(VARIABLES).map(([name, [, value]]) => [name, value]),
);
const lines = (indent: number) =>
  Object.entries(VARIABLES)
    .map(([name, [value]]) => `${' '.repeat(indent)}${name}: ${value}`)
    .join('\n');

function read(file: string, yaml: string) {
  const folder = projectFolder({ [file]: yaml, 'index.js': '' });
  return readProject(join(folder, file), { env: {} });
}

describe('references to resources of the file have the form that AWS gives them', () => {
  it('in a SAM template', () => {
    const { functions } = read(
      'template.yaml',
      `
Resources:
${RESOURCES}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      Environment:
        Variables:
${lines(10)}
          FUNCTION: !GetAtt Order.Arn
          FUNCTION_NAME: !Ref Order
`,
    );

    expect(functions[0]?.environment).toEqual({
      ...EXPECTED,
      FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:Order',
      FUNCTION_NAME: 'Order',
    });
  });

  it('in a serverless.yml', () => {
    const { functions } = read(
      'serverless.yml',
      `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  make-order:
    handler: index.handler
    environment:
${lines(6)}
      FUNCTION: !GetAtt MakeDashorderLambdaFunction.Arn
resources:
  - Resources:
      Other: { Type: AWS::SQS::Queue }
  - Resources:
${RESOURCES.replaceAll(/^/gm, '    ')}
`,
    );

    expect(functions[0]?.environment).toEqual({
      ...EXPECTED,
      FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:shop-dev-make-order',
    });
  });
});

it('an ARN is in the Region of the service, and in its partition', () => {
  const { functions } = read(
    'serverless.yml',
    `
service: shop
provider: { name: aws, runtime: nodejs24.x, region: cn-north-1 }
functions: { f: { handler: index.handler, environment: { A: !GetAtt Jobs.Arn, B: !Ref Jobs } } }
resources: { Resources: { Jobs: { Type: AWS::SQS::Queue } } }
`,
  );

  expect(functions[0]?.environment).toEqual({
    A: 'arn:aws-cn:sqs:cn-north-1:123456789012:Jobs',
    B: 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/Jobs',
  });
});

it('a name that is made from itself stays the name in the file', () => {
  const { functions } = read(
    'serverless.yml',
    `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions: { f: { handler: index.handler, environment: { A: !GetAtt Jobs.Arn } } }
resources: { Resources: { Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt Jobs.QueueName } } } }
`,
  );

  expect(functions[0]?.environment).toEqual({
    A: 'arn:aws:sqs:us-east-1:123456789012:Jobs.QueueName',
  });
});

it('warns of the resources that nothing on this machine stands in for, and of no other', () => {
  const { warnings } = read(
    'template.yaml',
    `
Resources:
${RESOURCES}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      Environment: { Variables: { QUEUE: !GetAtt Failed.Arn, TABLE: !Ref Orders, STREAM: !Ref Clicks, FN: !GetAtt Order.Arn } }
`,
  );

  expect(warnings).toEqual([
    'These AWS resources are not created on this machine; values made from their names in the file ' +
      'stand in for them: STREAM (Clicks).',
  ]);
});
