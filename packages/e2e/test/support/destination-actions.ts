import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncHttp, type FailureDestination } from '@async-http/cdk';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LayerVersion,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';

interface Access {
  readonly action: string;
  /** What follows the ARN of the destination in the resource: objects of a bucket. */
  readonly suffix: string;
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const REGIONAL = (service: string) => `arn:aws:${service}:eu-west-1:123456789012`;

/** By the service in the ARN. */
const DESTINATIONS: Readonly<Record<string, (stack: Stack) => FailureDestination>> = {
  sqs: (stack) => Queue.fromQueueArn(stack, 'Queue', `${REGIONAL('sqs')}:failed`),
  sns: (stack) => Topic.fromTopicArn(stack, 'Topic', `${REGIONAL('sns')}:failed`),
  events: (stack) =>
    EventBus.fromEventBusArn(stack, 'Bus', `${REGIONAL('events')}:event-bus/failed`),
  lambda: (stack) =>
    LambdaFunction.fromFunctionArn(stack, 'Function', `${REGIONAL('lambda')}:function:failed`),
  s3: (stack) => Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws:s3:::failed'),
};

/** A synthesis takes seconds, so there is one. */
let statements: Readonly<Record<string, readonly Statement[]>> | undefined;

/** By the service in the ARN of a destination: what its sender is allowed to do, as the CDK construct grants it. */
export function destinationActions(): Readonly<Record<string, Access>> {
  statements ??= synthesize();
  return Object.fromEntries(
    Object.keys(DESTINATIONS).map((service) => [service, accessIn(statements?.[service] ?? [])]),
  );
}

/** What a sender is allowed to do with the key of its destination. */
export function keyActions(): readonly string[] {
  statements ??= synthesize();
  const [, ofKey] = statements.encrypted ?? [];
  return [ofKey?.Action ?? []].flat();
}

function accessIn([statement, ...others]: readonly Statement[]): Access {
  if (!statement || others.length > 0) throw new Error('Not one statement');
  const { Action: action, Resource: resource } = statement;
  const [, suffix = ''] = /^arn:[^*]*failed(.*)$/.exec(`${resource}`) ?? [];
  return { action: `${action}`, suffix };
}

function synthesize(): Readonly<Record<string, readonly Statement[]>> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  const stack = new Stack(new App({ outdir }), 'Senders');
  const layer = LayerVersion.fromLayerVersionArn(
    stack,
    'Layer',
    `${REGIONAL('lambda')}:layer:async-http:1`,
  );
  const encrypted = (scope: Stack) =>
    new Queue(scope, 'Encrypted', { encryptionMasterKey: new Key(scope, 'Key') });

  const roles = Object.entries({ ...DESTINATIONS, encrypted }).map(([name, destinationIn]) => {
    const fn = new LambdaFunction(stack, `to-${name}`, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
    const onFailure = destinationIn(stack);
    new AsyncHttp(stack, `Background-${name}`, { layer, onFailure }).addTo(fn, {
      handler: 'index.background',
    });
    const { role } = fn.node.defaultChild as CfnFunction;
    return { name, role: JSON.stringify(stack.resolve(role)) };
  });

  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  rmSync(outdir, { recursive: true });
  return Object.fromEntries(
    roles.map(({ name, role }) => [
      name,
      policies
        .filter(({ Properties }) => role.includes(JSON.stringify(Properties.Roles[0].Ref)))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
    ]),
  );
}
