interface StackInput {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: unknown;
  readonly Parameters?: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The key of an asset in S3, as DefaultStackSynthesizer makes it. */
export const assetKey = (asset: string): string => `${asset}.zip`;

/**
 * The files of `cdk.out` as aws-cdk-lib 2 writes them for these stacks. A nested stack is the template
 * `Name.nested.template.json`, which another one refers to.
 */
export function cdkOut(
  stacks: Readonly<Record<string, StackInput>>,
  {
    assets = [],
    region = 'unknown-region',
    missing,
  }: {
    /** Names of folders in `cdk.out`: `asset.a1b2` has the key `a1b2.zip`. */
    assets?: readonly string[];
    region?: string;
    missing?: unknown;
  } = {},
): Record<string, string> {
  const names = Object.keys(stacks);
  const topLevel = names.filter((name) => !name.endsWith('.nested'));
  const sources = assets.map((asset) => [
    asset,
    {
      displayName: asset,
      source: { path: `asset.${asset}`, packaging: 'zip' },
      destinations: {
        'current_account-current_region': {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of CloudFormation.
          bucketName: 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}',
          objectKey: assetKey(asset),
        },
      },
    },
  ]);
  const artifacts = topLevel.flatMap((name) => [
    [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }],
    [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: `aws://unknown-account/${region}`,
        properties: { templateFile: `${name}.template.json`, validateOnSynth: false },
        dependencies: [`${name}.assets`],
        displayName: name,
      },
    ],
  ]);
  const manifest = {
    version: '48.0.0',
    artifacts: {
      ...Object.fromEntries(artifacts),
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
    missing,
  };
  const json: Record<string, unknown> = {
    'manifest.json': manifest,
    ...Object.fromEntries(names.map((name) => [`${name}.template.json`, stacks[name]])),
    ...Object.fromEntries(
      topLevel.map((name) => [
        `${name}.assets.json`,
        { version: '48.0.0', files: Object.fromEntries(sources), dockerImages: {} },
      ]),
    ),
  };
  return {
    ...Object.fromEntries(
      Object.entries(json).map(([name, value]) => [name, JSON.stringify(value, null, 1)]),
    ),
    ...Object.fromEntries(assets.map((asset) => [`asset.${asset}/index.js`, ''])),
  };
}

/** An `AWS::Lambda::Function` whose code is the asset `code`. */
export const lambda = (
  path: string,
  properties: Readonly<Record<string, unknown>> = {},
): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key: assetKey('code') },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    ...properties,
  },
  Metadata: { 'aws:cdk:path': `${path}/Resource`, 'aws:asset:path': 'asset.code' },
});

/** An `AWS_PROXY` integration of a REST API, as `LambdaIntegration` writes it. */
export const restIntegration = (arn: unknown, type = 'AWS_PROXY') => ({
  Type: type,
  IntegrationHttpMethod: 'POST',
  Uri: {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':apigateway:',
        { Ref: 'AWS::Region' },
        ':lambda:path/2015-03-31/functions/',
        arn,
        '/invocations',
      ],
    ],
  },
});
