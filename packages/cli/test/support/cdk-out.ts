import { LAYER_ZIP, zip } from './project.ts';

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
>;

const getArn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const asset = (path: string) => ({
  source: { path, packaging: 'file' },
  destinations: { here: { bucketName: 'assets', objectKey: path } },
});

/** A `cdk.out` in which jobs run, except for what a test changes. */
export function cdkOut({
  fn = {},
  variables = {},
  statements = [],
  resources = {},
}: {
  readonly fn?: Record<string, unknown>;
  readonly variables?: Record<string, unknown>;
  readonly statements?: readonly unknown[];
  readonly resources?: Resources;
} = {}): Record<string, string | Uint8Array> {
  const template: { readonly Resources: Resources } = {
    Resources: {
      AsyncHttpLayer: {
        Type: 'AWS::Lambda::LayerVersion',
        Properties: { Content: { S3Bucket: 'assets', S3Key: 'layer.zip' } },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyDocument: { Statement: statements }, Roles: [{ Ref: 'Role' }] },
      },
      Report: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
          Handler: '/opt/proxy.handler',
          Runtime: 'nodejs24.x',
          Timeout: 60,
          MemorySize: 512,
          Layers: [{ Ref: 'AsyncHttpLayer' }],
          Role: getArn('Role'),
          Environment: { Variables: { ASYNC_HANDLER: 'report.background', ...variables } },
          ...fn,
        },
      },
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 360 } },
      ...resources,
    },
  };
  return {
    'cdk.out/layer.zip': LAYER_ZIP,
    'cdk.out/code.zip': zip({ 'report.mjs': 'export const background = async () => {};' }),
    'cdk.out/manifest.json': JSON.stringify({
      version: '48.0.0',
      artifacts: {
        'App.assets': { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } },
        App: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/eu-west-1',
          properties: { templateFile: 'App.template.json' },
        },
      },
    }),
    'cdk.out/App.assets.json': JSON.stringify({
      version: '48.0.0',
      files: { layer: asset('layer.zip'), code: asset('code.zip') },
    }),
    'cdk.out/App.template.json': JSON.stringify(template),
  };
}
