import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWhole, packPackages, runShell, takeTarballs } from '@async-http/test-support';
import ts from 'typescript';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { BUNDLERS, bundleWith } from './support/bundlers.ts';
import { httpEvent } from './support/http-event.ts';
import {
  fixture,
  invoke,
  linesWith,
  RUNTIMES,
  type Runtime,
  startFunction,
  story,
} from './support/start-function.ts';

/** The file of two exports in JavaScript, because not every bundler reads TypeScript without more settings. */
function sourceFile(): string {
  // Beside the packages that it imports.
  const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.source-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { outputText } = ts.transpileModule(
    readFileSync(join(fixture('one-file'), 'report.ts'), 'utf8'),
    { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } },
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'report.js'), outputText);
  return join(folder, 'report.js');
}

/** What the table of README.md promises for every tool. */
async function expectReplyAndJob(runtime: Runtime, code: string, file: string): Promise<void> {
  const lambda = await startFunction({
    runtime,
    code,
    handler: `${file}.handler`,
    environment: { ASYNC_HANDLER: `${file}.background` },
  });

  const { reply, requestId } = await invoke(lambda, httpEvent({ body: '{"sku":"tea"}' }));
  await lambda.idle();

  expect(reply).toEqual({ statusCode: 202, body: `tea ${requestId}.1` });
  expect(story(lambda, requestId)).toContain(`job: tea ${requestId}.1`);
  expect(linesWith(lambda, /WARN|ERROR/)).toEqual([]);
}

it.each(
  Object.keys(BUNDLERS).map((name, index) => ({
    name,
    runtime: RUNTIMES[index % RUNTIMES.length] as Runtime,
  })),
)(
  'a file with both handlers, bundled with $name, replies and finishes its job on $runtime',
  { timeout: 120_000 },
  async ({ name, runtime }) => {
    const code = await bundleWith(name, sourceFile(), onTestFinished);
    await expectReplyAndJob(runtime, code, 'report');
  },
);

// Its installation is 190 MB. The projects of create-async-http are bundled by the other tools that deploy.
it.runIf(isWhole)(
  'a file with both handlers, packaged with serverless-esbuild, replies and finishes its job',
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'packaged-'));
    onTestFinished(() => rm(folder, { recursive: true }), 120_000);
    cpSync(fixture('one-file'), join(folder, 'src'), { recursive: true });
    const dependencies = { '@async-http/proxy': '*', zod: '^4.6.7' };
    const devDependencies = { esbuild: '^0.28.2', osls: '^4.3.1', 'serverless-esbuild': '^1.57.2' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies, devDependencies }));
    writeFileSync(
      join(folder, 'serverless.yml'),
      stringify({
        service: 'packaged',
        provider: { name: 'aws', runtime: 'nodejs22.x' },
        plugins: ['serverless-esbuild'],
        functions: { report: { handler: 'src/report.handler' } },
      }),
    );
    takeTarballs(folder, await packPackages(onTestFinished));
    await runShell(folder, 'npm install && npx osls package');

    await expectReplyAndJob('nodejs22.x', join(folder, '.serverless/packaged.zip'), 'src/report');
  },
);
