import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Dashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { afterAll, expect, it } from 'vitest';
import { AsyncHttp, AsyncHttpDelivery, type AsyncHttpProps } from '../src/index.ts';

const outputs = mkdtempSync(join(tmpdir(), 'cdk-dashboard-'));
afterAll(() => rmSync(outputs, { recursive: true }));

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:async-http:7';

/** For those who do not use the CDK. */
const FILE = join(import.meta.dirname, '../../../docs/dashboard.json');

function jobsWith(props: AsyncHttpProps) {
  const stack = new Stack(new App({ outdir: mkdtempSync(join(outputs, 'app-')) }), 'Stack');
  const fn = new LambdaFunction(stack, 'Report', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(60),
    memorySize: 512,
  });
  const layer = LayerVersion.fromLayerVersionArn(stack, 'Layer', LAYER);
  const jobs = new AsyncHttp(stack, 'Background', { layer, ...props }).addTo(fn, {
    handler: 'index.background',
  });
  return { stack, jobs };
}

/** The dashboard of a stack; what CloudFormation fills in stands as in `Fn::Sub`. */
function bodyOf(stack: Stack) {
  const dashboards = Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard');
  const [, parts] = Object.values(dashboards).map(
    ({ Properties }) => Properties.DashboardBody['Fn::Join'],
  )[0];
  const text = (part: string | { Ref?: string; 'Fn::GetAtt'?: string[] }) => {
    if (typeof part === 'string') return part;
    const name = part.Ref ?? part['Fn::GetAtt']?.join('.') ?? '';
    return ['${', name.startsWith('Report') ? 'Report' : name, '}'].join('');
  };
  return JSON.parse(parts.map(text).join(''));
}

const titlesOf = (stack: Stack) =>
  bodyOf(stack).widgets.map(
    ({ properties }: { properties: { title: string } }) => properties.title,
  );

it('shows how jobs end, what runs after the reply, and what the function suffers', () => {
  const { stack, jobs } = jobsWith({ metrics: true });
  jobs.dashboard();

  expect(titlesOf(stack)).toEqual([
    'Jobs by outcome',
    'Background work after the reply',
    'Repeated and cut off',
    'Failed jobs',
    'Errors of the function',
    'Concurrency',
  ]);
});

it('shows the queue too, where there is one', () => {
  const delivery = AsyncHttpDelivery.queue({ timeout: Duration.minutes(5) });
  const { stack, jobs } = jobsWith({ metrics: true, delivery });
  jobs.dashboard();

  expect(titlesOf(stack).slice(6)).toEqual([
    'Waiting in the queue',
    'Age of the oldest job',
    'Dead letters',
  ]);
});

it('gives its widgets to a dashboard of the app', () => {
  const { stack, jobs } = jobsWith({ metrics: true });
  const widgets: IWidget[][] = jobs.widgets();
  new Dashboard(stack, 'Own', { widgets });

  expect(titlesOf(stack)).toHaveLength(6);
});

it('is refused when the function writes no metrics', () => {
  expect(() => jobsWith({}).jobs.dashboard()).toThrow(
    expect.objectContaining({ code: 'ASYNC_HTTP_CDK_METRICS_OFF' }),
  );
});

it('is docs/dashboard.json, for those who do not use the CDK', () => {
  const { stack, jobs } = jobsWith({ metrics: true });
  jobs.dashboard();
  const body = bodyOf(stack);
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, `${JSON.stringify(body, undefined, 2)}\n`);

  expect(body).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
});
