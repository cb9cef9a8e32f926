import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { checkProject } from '../../src/check/check-project.ts';
import type { Finding, Report } from '../../src/finding.ts';
import { openProject } from '../../src/open-project.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

export const LAYER = 'node_modules/@async-http/layer-builder/dist/layer.zip';

export const zip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, strToU8(text)]),
    ) satisfies Zippable,
  );

export const LAYER_ZIP = zip({ 'extensions/async-http': '#!/bin/bash', 'proxy.js': '' });

/** Writes a project into a temporary folder, which is removed after the test. */
export function writeProject(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'async-http-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** @param path of the project in the folder. */
export async function check(files: Files, path = '.'): Promise<Report> {
  const cwd = writeProject(files);
  const project = await openProject(path, {
    cwd,
    env: {},
    stage: undefined,
    onProgress: () => undefined,
  });
  return checkProject(project, cwd);
}

/** The findings of all functions, the problems as `severity CODE`. */
export async function codesOf(files: Files): Promise<string[]> {
  const { functions } = await check(files);
  return functions.flatMap(({ findings }) =>
    findings.map(({ severity, code }) => `${severity} ${code.replace('ASYNC_HTTP_CHECK_', '')}`),
  );
}

/** The one finding of a project. */
export async function findingOf(files: Files, path?: string): Promise<Finding> {
  const { functions } = await check(files, path);
  const findings = functions.flatMap((one) => one.findings);
  if (findings.length !== 1 || findings[0] === undefined) {
    throw new Error(`not one finding, but: ${JSON.stringify(findings, null, 2)}`);
  }
  return findings[0];
}

interface ServerlessInput {
  /** Lines of the function. */
  readonly fn?: string;
  readonly environment?: string;
  /** Lines at the top of the file. */
  readonly top?: string;
  readonly provider?: string;
  readonly files?: Files;
}

/** A project in which jobs run, except for what a test changes. */
export function serverless({
  fn = 'handler: /opt/proxy.handler',
  environment = 'ASYNC_HANDLER: src/report.background',
  top = '',
  provider = '',
  files = {},
}: ServerlessInput = {}): Files {
  const indent = (lines: string, by: number) => lines.replace(/^(?=.)/gm, ' '.repeat(by));
  const has = (key: string) => new RegExp(`^${key}:`, 'm').test(fn);
  return {
    [LAYER]: LAYER_ZIP,
    'package.json': '{ "type": "module" }',
    'src/report.js': 'export const background = async () => {};',
    ...files,
    'serverless.yml': `service: reports
${top}
provider:
  name: aws
  runtime: nodejs24.x
${indent(provider, 2)}
layers:
  asyncHttp:
    package: { artifact: ${LAYER} }
functions:
  report:
${indent(fn, 4)}
${has('timeout') ? '' : '    timeout: 60'}
${has('layers') ? '' : '    layers: [!Ref AsyncHttpLambdaLayer]'}
    environment:
${indent(environment, 6)}
`,
  };
}

/** The same as a template of SAM. */
export function sam({
  properties = '',
  variables = 'ASYNC_HANDLER: report.background',
  resources = '',
  metadata = '',
  files = {},
}: {
  readonly properties?: string;
  readonly variables?: string;
  readonly resources?: string;
  readonly metadata?: string;
  readonly files?: Files;
} = {}): Files {
  const indent = (lines: string, by: number) => lines.replace(/^(?=.)/gm, ' '.repeat(by));
  const has = (key: string) => new RegExp(`^${key}:`, 'm').test(properties);
  return {
    [LAYER]: LAYER_ZIP,
    'src/report.js': 'exports.background = async () => {};',
    ...files,
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  AsyncHttpLayer:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: ${LAYER} }
  Report:
    Type: AWS::Serverless::Function
${indent(metadata, 4)}
    Properties:
      CodeUri: src/
${has('Handler') ? '' : '      Handler: /opt/proxy.handler'}
${has('Runtime') ? '' : '      Runtime: nodejs24.x'}
${has('Timeout') ? '' : '      Timeout: 60'}
${has('MemorySize') ? '' : '      MemorySize: 512'}
${has('Layers') ? '' : '      Layers: [!Ref AsyncHttpLayer]'}
${indent(properties, 6)}
      Environment:
        Variables:
${indent(variables, 10)}
${indent(resources, 2)}
`,
  };
}
