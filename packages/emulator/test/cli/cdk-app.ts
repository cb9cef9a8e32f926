import { cdkOut, lambda } from '../project/cdk-out.ts';
import { projectFolder } from '../project/project-folder.ts';

/** Writes `cdk.out` as an app of the CDK does: where it is told to, with the text from `greeting.cjs`. */
const APP = `
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { CDK_OUTDIR } = process.env;
const variables = { GREETING: require('./greeting.cjs') };
mkdirSync(CDK_OUTDIR, { recursive: true });
for (const [name, content] of Object.entries(require('./synthesized.json'))) {
  const text = content
    .replace('"@VARIABLES"', JSON.stringify(variables))
    .replaceAll('asset.code', join(__dirname, 'src'));
  writeFileSync(join(CDK_OUTDIR, name), text);
}
`;

const HANDLER =
  "exports.handler = async () => ({ statusCode: 200, body: process.env.GREETING + ' from src' });";

const STACK = {
  Resources: {
    Hello: lambda('Shop/Hello', { Environment: { Variables: '@VARIABLES' } }),
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'Api', ProtocolType: 'HTTP' },
      Metadata: { 'aws:cdk:path': 'Shop/Api/Resource' },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Hello', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'GET /hello',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
  },
};

/** A folder with an app that stands in for one with aws-cdk-lib; `GET /hello` answers `hello from src`. */
export const cdkApp = (
  settings: unknown = { app: 'node app.cjs' },
  files: Readonly<Record<string, string>> = {},
): string =>
  projectFolder({
    '.git/HEAD': '',
    'cdk.json': JSON.stringify(settings),
    'app.cjs': APP,
    'greeting.cjs': "module.exports = 'hello';",
    'synthesized.json': JSON.stringify(cdkOut({ Shop: STACK })),
    'src/index.js': HANDLER,
    ...files,
  });

/** What such an app has written before, with the code beside it. */
export const written = (greeting: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...cdkOut({ Shop: STACK }), 'asset.code/index.js': HANDLER }).map(
      ([name, text]) => [
        `cdk.out/${name}`,
        text.replace('"@VARIABLES"', JSON.stringify({ GREETING: greeting })),
      ],
    ),
  );
