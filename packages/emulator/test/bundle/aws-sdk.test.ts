import { expect, it } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { runtimes } from '../support/start.ts';
import { zip } from '../support/zip.ts';
import { resultOf, startFunctionOf } from './start-function.ts';

const PROVIDER = 'provider: { name: aws, runtime: nodejs24.x }';
const APP = 'functions: { app: { handler: app.handler } }';
const SDK = {
  'node_modules/@aws-sdk/client-s3/index.js': 'exports.file = __filename;',
};
const IMPORTS =
  'import { file } from "@aws-sdk/client-s3"; export const handler = async () => file;';

it.each(runtimes)('a bundle uses the @aws-sdk packages of the project, on %s', async (runtime) => {
  const folder = projectFolder({
    'serverless.yml': `${PROVIDER}\n${APP}`,
    'app.ts': IMPORTS,
    ...SDK,
  });
  const lambda = await startFunctionOf(folder, 'app', { runtime });
  expect(await resultOf(lambda)).toBe(`${folder}/node_modules/@aws-sdk/client-s3/index.js`);
});

it('a deployment package uses them too, but no other package beside it', async () => {
  const folder = projectFolder({
    'serverless.yml': `${PROVIDER}\n${APP}\npackage: { artifact: app.zip }`,
    'app.zip': zip([
      {
        name: 'app.mjs',
        content: `
          import { file } from "@aws-sdk/client-s3";
          export const handler = async () => [file, await import("other").catch(({ code }) => code)];`,
      },
    ]),
    ...SDK,
    'node_modules/other/index.js': '',
  });
  expect(await resultOf(await startFunctionOf(folder, 'app'))).toEqual([
    `${folder}/node_modules/@aws-sdk/client-s3/index.js`,
    'ERR_MODULE_NOT_FOUND',
  ]);
});

it.each([
  ['import', 'index.mjs', IMPORTS],
  ['require', 'index.js', 'exports.handler = async () => require("@aws-sdk/client-s3").file;'],
])('a bundle in another folder uses those beside its sources (%s)', async (_, name, code) => {
  const folder = projectFolder({
    'template.yaml': `
Resources:
  app:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: out/app, Handler: index.handler, Runtime: nodejs24.x }
`,
    [`out/app/${name}`]: code,
    'package.json': '{}',
    'node_modules/other/index.js': '',
    'functions/shop/node_modules/@aws-sdk/client-s3/index.js': 'exports.file = __filename;',
  });
  const lambda = await startFunctionOf(folder, 'app');
  expect(await resultOf(lambda)).toBe(
    `${folder}/functions/shop/node_modules/@aws-sdk/client-s3/index.js`,
  );
});

it('a layer uses them too', async () => {
  const folder = projectFolder({
    'serverless.yml': `provider: { name: aws, runtime: nodejs24.x, layers: [./layer] }\n${APP}`,
    'app.js': 'exports.handler = async () => require("tool");',
    'layer/nodejs/node_modules/tool/index.js':
      'module.exports = require("@aws-sdk/client-s3").file;',
    ...SDK,
  });
  expect(await resultOf(await startFunctionOf(folder, 'app'))).toContain('client-s3/index.js');
});

it.each([
  ['import', 'app.mjs', IMPORTS],
  ['require', 'app.js', 'exports.handler = require("@aws-sdk/client-s3/some/file").handler;'],
  ['a bundle', 'app.ts', IMPORTS],
])('what is not installed comes with the command that installs it (%s)', async (_, name, code) => {
  const folder = projectFolder({ 'serverless.yml': `${PROVIDER}\n${APP}`, [name]: code });
  const lines: string[] = [];
  const lambda = await startFunctionOf(folder, 'app', { onLine: (line) => lines.push(line) });

  await lambda.invoke({});

  expect(lines).toContain(
    "@aws-sdk/client-s3 is part of Lambda's runtime, but not of this machine. For local runs: npm install --save-dev @aws-sdk/client-s3",
  );
});

it('version 2 that is not installed comes with the news that no runtime has it', async () => {
  const folder = projectFolder({
    'serverless.yml': `${PROVIDER}\n${APP}`,
    'app.js': 'exports.handler = require("aws-sdk").handler;',
  });
  const lines: string[] = [];
  const lambda = await startFunctionOf(folder, 'app', { onLine: (line) => lines.push(line) });

  await lambda.invoke({});

  expect(lines.join('\n')).toContain(
    "Lambda's Node.js runtimes do not have version 2 of the AWS SDK (aws-sdk).",
  );
});

it('version 2 that a bundler leaves out is warned of where it is imported', async () => {
  const warnings: string[] = [];
  const folder = projectFolder({
    'serverless.yml': `${PROVIDER}\n${APP}\nplugins: [serverless-esbuild]\ncustom: { esbuild: { exclude: [aws-sdk] } }`,
    'app.ts': 'import "aws-sdk"; export const handler = async () => 1;',
    'node_modules/aws-sdk/index.js': '',
  });

  await startFunctionOf(folder, 'app', { onWarning: (warning) => warnings.push(warning) });

  expect(warnings.join().replaceAll(folder, '.')).toMatchInlineSnapshot(`
    "app.ts:1:8: aws-sdk is left out of the bundle. Lambda's Node.js runtimes do not have version 2 of the AWS SDK, so this fails after a deploy: use version 3 (@aws-sdk/client-…), or bundle it.
        import "aws-sdk"; export const handler = async () => 1;
               ^^^^^^^^^"
  `);
});
