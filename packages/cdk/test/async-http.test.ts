import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, Match, type Matcher, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  LayerVersion,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, it } from 'vitest';
import {
  AsyncHttp,
  AsyncHttpDelivery,
  type AsyncHttpProps,
  type FailureDestination,
} from '../src/index.ts';

const outputs = mkdtempSync(join(tmpdir(), 'cdk-'));
afterAll(() => rmSync(outputs, { recursive: true }));
const newApp = () => new App({ outdir: mkdtempSync(join(outputs, 'app-')) });

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:async-http:7';

const report = (stack: Stack, props: Partial<FunctionProps> = {}) =>
  new LambdaFunction(stack, 'Report', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(60),
    memorySize: 512,
    ...props,
  });

const background = (stack: Stack, props: AsyncHttpProps = {}) =>
  new AsyncHttp(stack, 'Background', {
    layer: LayerVersion.fromLayerVersionArn(stack, 'Layer', LAYER),
    ...props,
  });

// One app and one synthesis for all that is right: a synthesis takes longer than everything else here.
const app = newApp();

const plain = new Stack(app, 'Plain');
background(plain, {
  retryAttempts: 4,
  maxEventAge: Duration.minutes(5),
  deadlineMargin: Duration.millis(500),
}).addTo(report(plain), { handler: 'index.background' });

const destinations = ['Queue', 'Topic', 'Bus', 'Function', 'Bucket'] as const;
const key = (stack: Stack) => new Key(stack, 'Key');
const MAKE = {
  Queue: (stack: Stack) => new Queue(stack, 'Target', { encryptionMasterKey: key(stack) }),
  Topic: (stack: Stack) => new Topic(stack, 'Target', { masterKey: key(stack) }),
  Bus: (stack: Stack) => new EventBus(stack, 'Target'),
  Function: (stack: Stack) => LambdaFunction.fromFunctionName(stack, 'Target', 'target'),
  Bucket: (stack: Stack) => new Bucket(stack, 'Target', { encryptionKey: key(stack) }),
};
const withDestination = Object.fromEntries(
  destinations.map((kind) => {
    const stack = new Stack(app, `To${kind}`);
    // The CDK's own classes do not fit its interfaces with exactOptionalPropertyTypes.
    background(stack, { onFailure: MAKE[kind](stack) as FailureDestination }).addTo(report(stack));
    return [kind, stack];
  }),
) as Record<(typeof destinations)[number], Stack>;

const queued = new Stack(app, 'Queued');
const queuedReport = report(queued, { architecture: Architecture.ARM_64 });
const queuedJobs = background(queued, {
  delivery: AsyncHttpDelivery.queue({ timeout: Duration.minutes(5), maxConcurrency: 4 }),
  onSuccess: new Topic(queued, 'Done'),
}).addTo(queuedReport, { handler: 'index.background' });
queuedReport.addEnvironment('TABLE', 'orders');

const stored = new Stack(app, 'Stored');
const jobs = new TableV2(stored, 'Jobs', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  timeToLiveAttribute: 'expiresAt',
});
background(stored, { store: jobs as ITable, storeResults: true }).addTo(report(stored), {
  handler: 'index.background',
});

const node = new Stack(app, 'Node');
const measured = background(node, { metrics: true }).addTo(
  new NodejsFunction(node, 'Report', {
    code: Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    timeout: Duration.seconds(60),
  }),
  { handler: 'index.background' },
);
measured.metricFailures().createAlarm(node, 'Failed', { threshold: 1, evaluationPeriods: 1 });
measured.metricTail().createAlarm(node, 'LongTail', { threshold: 30_000, evaluationPeriods: 3 });

const variables = (all: Record<string, unknown> | Matcher) => ({ Environment: { Variables: all } });

/** What the policies of a stack allow. */
const statements = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

describe('addTo', () => {
  it('gives the function the layer and the variables', () => {
    Template.fromStack(plain).hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Layers: [LAYER],
      ...variables({
        ASYNC_HANDLER: 'index.background',
        ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '4',
        ASYNC_HTTP_MAX_EVENT_AGE_SECONDS: '300',
        ASYNC_HTTP_DEADLINE_MARGIN_MS: '500',
      }),
    });
  });

  it('takes a NodejsFunction', () => {
    Template.fromStack(node).hasResourceProperties('AWS::Lambda::Function', {
      Layers: [LAYER],
      ...variables(
        Match.objectLike({ ASYNC_HANDLER: 'index.background', ASYNC_HTTP_METRICS: 'emf' }),
      ),
    });
  });

  it('grants nothing without a destination', () => {
    expect(statements(plain)).toEqual([]);
  });
});

describe('store', () => {
  it('is the table that keeps keys and states of jobs, and may be used for that', () => {
    const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Jobs/), 'Arn'] };
    const { Environment } =
      Object.values(Template.fromStack(stored).findResources('AWS::Lambda::Function'))[0]
        ?.Properties ?? {};

    expect(Environment.Variables).toEqual({
      ASYNC_HANDLER: 'index.background',
      ASYNC_HTTP_STORE: arn,
      ASYNC_HTTP_STORE_RESULTS: 'on',
    });
    expect(statements(stored)).toEqual([
      {
        Action: [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        Effect: 'Allow',
        Resource: expect.anything(),
      },
    ]);
  });
});

describe('onFailure', () => {
  const arn = (attribute = 'Arn') => ({
    'Fn::GetAtt': [expect.stringMatching(/^Target/), attribute],
  });
  const allows = (Action: unknown, Resource: unknown) => ({ Action, Effect: 'Allow', Resource });
  const onKey = allows(['kms:GenerateDataKey', 'kms:Decrypt'], {
    'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'],
  });
  const ref = { Ref: expect.stringMatching(/^Target/) };

  it.each([
    ['Queue', arn(), [allows('sqs:SendMessage', arn()), onKey]],
    ['Topic', ref, [allows('sns:Publish', ref), onKey]],
    ['Bus', arn(), [allows('events:PutEvents', arn())]],
    ['Function', expect.anything(), [allows('lambda:InvokeFunction', expect.anything())]],
    ['Bucket', arn(), [allows('s3:PutObject', { 'Fn::Join': ['', [arn(), '/*']] }), onKey]],
  ] as const)('names a %s, and allows to send to it and nothing else', (kind, value, allowed) => {
    const functions = Template.fromStack(withDestination[kind]).findResources(
      'AWS::Lambda::Function',
    );
    expect(Object.values(functions)[0]?.Properties.Environment.Variables).toEqual({
      ASYNC_HTTP_ON_FAILURE: value,
    });
    expect(statements(withDestination[kind])).toEqual(allowed);
  });

  it('refuses a FIFO queue', () => {
    const stack = new Stack(newApp(), 'Fifo');
    const onFailure = new Queue(stack, 'Target', { fifo: true });
    expect(() => background(stack, { onFailure }).addTo(report(stack))).toThrow(
      expect.objectContaining({
        code: 'ASYNC_HTTP_CDK_FIFO_DESTINATION',
        message:
          'The queue Fifo/Target is FIFO, which a record cannot be sent to, as on Lambda. ' +
          'Use a standard queue. (ASYNC_HTTP_CDK_FIFO_DESTINATION)',
      }),
    );
  });
});

describe('delivery through a queue', () => {
  const template = () => Template.fromStack(queued);
  const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReportAsyncHttpQueue'), 'Arn'] };
  const role = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReportServiceRole'), 'Arn'] };

  it('names the queue to the function, and allows to send jobs', () => {
    template().hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      ...variables(Match.objectLike({ ASYNC_HTTP_DELIVERY: queue })),
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'sqs:SendMessage', Resource: queue }),
        ]),
      },
    });
  });

  it('makes a worker that is the function with another handler, and what the function got later', () => {
    template().hasResourceProperties('AWS::Lambda::Function', {
      Handler: '/opt/proxy.consumer',
      Timeout: 300,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Code: { ZipFile: 'exports.handler = async () => {};' },
      Layers: [LAYER],
      Role: role,
      ...variables({
        ASYNC_HANDLER: 'index.background',
        ASYNC_HTTP_DELIVERY: queue,
        ASYNC_HTTP_ON_SUCCESS: { Ref: Match.stringLikeRegexp('^Done') },
        TABLE: 'orders',
      }),
    });
  });

  it('delivers only failed jobs of a batch again', () => {
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: queue,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  });

  it('hides a job for six timeouts of the worker, and moves it to the dead-letter queue after five attempts', () => {
    template().hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1_800,
      RedrivePolicy: {
        deadLetterTargetArn: {
          'Fn::GetAtt': [Match.stringLikeRegexp('^ReportAsyncHttpDeadLetterQueue'), 'Arn'],
        },
        maxReceiveCount: 5,
      },
    });
  });

  it('names what it made', () => {
    expect(
      [queuedJobs.worker, queuedJobs.queue, queuedJobs.deadLetterQueue].map(
        (one) => one?.node.path,
      ),
    ).toEqual([
      'Queued/Report/AsyncHttp/Worker',
      'Queued/Report/AsyncHttp/Queue',
      'Queued/Report/AsyncHttp/DeadLetterQueue',
    ]);
  });
});

describe('metrics', () => {
  it.each([
    ['Failures', { Statistic: 'Sum', Threshold: 1 }],
    ['TailMs', { ExtendedStatistic: 'p99', Threshold: 30_000 }],
  ])('%s of the function can have an alarm', (MetricName, properties) => {
    Template.fromStack(node).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AsyncHttp',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Report') } }],
      ...properties,
    });
  });

  it('are refused when the function does not write them', () => {
    expect(() => queuedJobs.metricFailures()).toThrow(
      expect.objectContaining({
        code: 'ASYNC_HTTP_CDK_METRICS_OFF',
        message:
          'Queued/Report/AsyncHttp writes no metrics, so Failures would stay without data. ' +
          'Give the AsyncHttp construct "metrics: true". (ASYNC_HTTP_CDK_METRICS_OFF)',
      }),
    );
  });
});

describe('a function that jobs cannot run in', () => {
  it('fails the synthesis with everything that is wrong with it', () => {
    const broken = newApp();
    const stack = new Stack(broken, 'Broken');
    const fn = report(stack, { runtime: Runtime.PYTHON_3_13, timeout: Duration.seconds(1) });
    background(stack, { retryAttempts: 11 }).addTo(fn, { handler: 'index.background' });

    expect(() => broken.synth()).toThrow(
      /ASYNC_HTTP_MAX_RETRY_ATTEMPTS must be .*\(ASYNC_HTTP_CDK_VARIABLE\)[\s\S]*\(ASYNC_HTTP_CDK_RUNTIME\)[\s\S]*\(ASYNC_HTTP_CDK_TIMEOUT\)/,
    );
  });

  it('gives warnings that can be acknowledged', () => {
    Annotations.fromStack(node).hasWarning(
      '/Node/Report/AsyncHttp',
      Match.stringLikeRegexp('128 MB.*ack: ASYNC_HTTP_CDK_MEMORY'),
    );
  });

  const other = new Stack(newApp(), 'Other');
  it.each([
    [
      'ASYNC_HTTP_CDK_IMPORTED_FUNCTION',
      // What a JavaScript app can pass.
      () => LambdaFunction.fromFunctionName(other, 'Imported', 'imported') as LambdaFunction,
    ],
    [
      'ASYNC_HTTP_CDK_ADDED_TWICE',
      () => {
        const fn = report(other);
        new AsyncHttp(other, 'First', {
          layer: LayerVersion.fromLayerVersionArn(other, 'FirstLayer', LAYER),
        }).addTo(fn);
        return fn;
      },
    ],
    [
      'ASYNC_HTTP_CDK_TOO_MANY_LAYERS',
      () =>
        new LambdaFunction(other, 'Full', {
          runtime: Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: Code.fromInline('-'),
          layers: [1, 2, 3, 4, 5].map((n) =>
            LayerVersion.fromLayerVersionArn(other, `Layer${n}`, `${LAYER}${n}`),
          ),
        }),
    ],
  ])('is refused with %s', (code, fn) => {
    const construct = new AsyncHttp(other, `Background${code}`, {
      layer: LayerVersion.fromLayerVersionArn(other, `Layer${code}`, LAYER),
    });
    expect(() => construct.addTo(fn())).toThrow(expect.objectContaining({ code }));
  });
});
