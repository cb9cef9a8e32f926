import type { CloudResource } from './project.ts';
import { ACCOUNT_ID, partitionOf } from './pseudo-parameters.ts';

/** Something that AWS would make of a name and a Region. */
type Form = (name: string, region: string) => string;

/** What the resources of one type in a template are known by. */
export interface ResourceKind {
  /** The property with the name that the resource gets in AWS; without it, its name is made up. */
  readonly nameProperty: string;
  /** The name that is made up, by logical id. Default: the logical id. */
  readonly madeUp?: (logicalId: string) => string;
  readonly ref: Form;
  readonly attributes: Readonly<Record<string, Form>>;
}

const inRegion =
  (service: string, prefix = ''): Form =>
  (name, region) =>
    `arn:${partitionOf(region)}:${service}:${region}:${ACCOUNT_ID}:${prefix}${name}`;
const byName: Form = (name) => name;
/** Names of buckets and tables have at least three characters. */
const threeCharacters = (logicalId: string): string => logicalId.padEnd(3, '-0');

const topicArn = inRegion('sns');
const functionArn = inRegion('lambda', 'function:');
const machineArn = inRegion('states', 'stateMachine:');
const tableArn = inRegion('dynamodb', 'table/');
const roleArn: Form = (name, region) =>
  `arn:${partitionOf(region)}:iam::${ACCOUNT_ID}:role/${name}`;
const bucketArn: Form = (name, region) => `arn:${partitionOf(region)}:s3:::${name}`;
const queueUrl: Form = (name, region) =>
  `https://sqs.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${ACCOUNT_ID}/${name}`;

const FUNCTION: ResourceKind = {
  nameProperty: 'FunctionName',
  ref: byName,
  attributes: { Arn: functionArn },
};
const MACHINE: ResourceKind = {
  nameProperty: 'StateMachineName',
  ref: machineArn,
  attributes: { Arn: machineArn, Name: byName },
};
const TABLE: ResourceKind = {
  nameProperty: 'TableName',
  madeUp: threeCharacters,
  ref: byName,
  attributes: { Arn: tableArn },
};

/**
 * What `Ref` and `Fn::GetAtt` of a resource are, by its type.
 *
 * @see CloudFormation, "Return values" of each type
 */
export const RESOURCE_KINDS: Readonly<Record<string, ResourceKind>> = {
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    ref: queueUrl,
    attributes: { Arn: inRegion('sqs'), QueueName: byName, QueueUrl: queueUrl },
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: byName },
  },
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    ref: byName,
    attributes: { Arn: inRegion('events', 'event-bus/'), Name: byName },
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    // Names of buckets have no upper case.
    madeUp: (logicalId) => threeCharacters(logicalId.toLowerCase()),
    ref: byName,
    attributes: { Arn: bucketArn },
  },
  'AWS::Serverless::Function': FUNCTION,
  'AWS::Lambda::Function': FUNCTION,
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::Serverless::SimpleTable': TABLE,
  'AWS::Kinesis::Stream': {
    nameProperty: 'Name',
    ref: byName,
    attributes: { Arn: inRegion('kinesis', 'stream/') },
  },
  'AWS::StepFunctions::StateMachine': MACHINE,
  'AWS::Serverless::StateMachine': { ...MACHINE, nameProperty: 'Name' },
  // Scopes of tokens begin with it.
  'AWS::Cognito::UserPoolResourceServer': {
    nameProperty: 'Identifier',
    ref: byName,
    attributes: {},
  },
  'AWS::IAM::Role': { nameProperty: 'RoleName', ref: byName, attributes: { Arn: roleArn } },
};

/** The types of which there is a local stand-in, beside the project's own functions. */
export const LOCAL_TYPES: Readonly<Record<string, CloudResource['service']>> = {
  'AWS::SQS::Queue': 'sqs',
  'AWS::SNS::Topic': 'sns',
  'AWS::Events::EventBus': 'events',
  'AWS::S3::Bucket': 's3',
  'AWS::DynamoDB::Table': 'dynamodb',
  'AWS::DynamoDB::GlobalTable': 'dynamodb',
  'AWS::Serverless::SimpleTable': 'dynamodb',
};
