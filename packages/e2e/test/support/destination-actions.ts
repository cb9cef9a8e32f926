import { AsyncHttp, type FailureDestination } from '@async-http/cdk';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';

interface Access {
  readonly action: string;
  /** What follows the ARN of the destination in the resource: objects of a bucket. */
  readonly suffix: string;
}

const REGION = 'arn:aws:lambda:eu-west-1:123456789012';

let actions: Readonly<Record<string, Access>> | undefined;

/** By the service in the ARN of a destination: what its sender is allowed to do, as the CDK construct grants it. */
export function destinationActions(): Readonly<Record<string, Access>> {
  actions ??= synthesizeAll();
  return actions;
}

function synthesizeAll(): Readonly<Record<string, Access>> {
  return {
    sqs: accessTo((stack) =>
      Queue.fromQueueArn(stack, 'Failed', 'arn:aws:sqs:eu-west-1:123456789012:failed'),
    ),
    sns: accessTo((stack) =>
      Topic.fromTopicArn(stack, 'Failed', 'arn:aws:sns:eu-west-1:123456789012:failed'),
    ),
    events: accessTo((stack) =>
      EventBus.fromEventBusArn(
        stack,
        'Failed',
        'arn:aws:events:eu-west-1:123456789012:event-bus/failed',
      ),
    ),
    lambda: accessTo((stack) =>
      LambdaFunction.fromFunctionArn(stack, 'Failed', `${REGION}:function:failed`),
    ),
    s3: accessTo((stack) => Bucket.fromBucketArn(stack, 'Failed', 'arn:aws:s3:::failed')),
  };
}

function accessTo(destinationIn: DestinationIn): Access {
  const [statement, ...others] = statementsFor(destinationIn);
  if (!statement || others.length > 0) throw new Error('Not one statement');
  const { Action: action, Resource: resource } = statement;
  const { arn = '' } = /^(?<arn>arn:[^*]*failed)/.exec(`${resource}`)?.groups ?? {};
  return { action: `${action}`, suffix: `${resource}`.slice(arn.length) };
}

/** What a sender is allowed to do with the key of its destination. */
export function keyActions(): readonly string[] {
  const [, statement] = statementsFor(
    (stack) => new Queue(stack, 'Failed', { encryptionMasterKey: new Key(stack, 'Key') }),
  );
  return [statement?.Action ?? []].flat();
}

function statementsFor(destinationIn: DestinationIn): readonly Statement[] {
  const stack = new Stack(new App(), 'Sender');
  const fn = new LambdaFunction(stack, 'Report', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(60),
    memorySize: 512,
  });
  const layer = LayerVersion.fromLayerVersionArn(stack, 'Layer', `${REGION}:layer:async-http:1`);
  new AsyncHttp(stack, 'Background', { layer, onFailure: destinationIn(stack) }).addTo(fn, {
    handler: 'index.background',
  });
  const resources: Record<string, { Properties: { PolicyDocument?: PolicyDocument } }> =
    Template.fromStack(stack).toJSON().Resources;
  return Object.values(resources).flatMap(
    ({ Properties }) => Properties.PolicyDocument?.Statement ?? [],
  );
}

type DestinationIn = (stack: Stack) => FailureDestination;

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}
