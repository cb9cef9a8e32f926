import { AsyncHttp, type FailureDestination } from '@async-http/cdk';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
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
  const stack = new Stack(new App(), 'Stack');
  const destinations: Record<string, FailureDestination> = {
    sqs: Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:eu-west-1:123456789012:failed'),
    sns: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:123456789012:failed'),
    events: EventBus.fromEventBusArn(
      stack,
      'Bus',
      'arn:aws:events:eu-west-1:123456789012:event-bus/failed',
    ),
    lambda: LambdaFunction.fromFunctionArn(stack, 'Function', `${REGION}:function:failed`),
    s3: Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws:s3:::failed'),
  };
  return Object.fromEntries(
    Object.entries(destinations).map(([service, destination]) => [
      service,
      accessTo(destination, service),
    ]),
  );
}

function accessTo(onFailure: FailureDestination, name: string): Access {
  const stack = new Stack(new App(), name);
  const fn = new LambdaFunction(stack, 'Report', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(60),
    memorySize: 512,
  });
  const layer = LayerVersion.fromLayerVersionArn(stack, 'Layer', `${REGION}:layer:async-http:1`);
  new AsyncHttp(stack, 'Background', { layer, onFailure }).addTo(fn, {
    handler: 'index.background',
  });
  const template = Template.fromStack(stack).toJSON();
  const statements = Object.values(
    template.Resources as Record<string, { Properties: { PolicyDocument?: PolicyDocument } }>,
  ).flatMap(({ Properties }) => Properties.PolicyDocument?.Statement ?? []);
  const [statement] = statements;
  if (!statement || statements.length !== 1) throw new Error(`Not one statement for ${name}`);
  const { Action: action, Resource: resource } = statement;
  const { arn = '' } = /^(?<arn>arn:[^*]*failed)/.exec(resource)?.groups ?? {};
  return { action, suffix: resource.slice(arn.length) };
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string; readonly Resource: string }[];
}
