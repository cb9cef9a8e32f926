import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { cdkApp, written } from './cdk-app.ts';
import { runCli } from './run-cli.ts';

/** Starts `dev`; resolves with the body of `GET /hello` and the program. */
async function dev(cwd: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const cli = runCli(['dev', ...args, '--port', '0'], { cwd, env });
  const [url] = await cli.sees(/http:\/\/127\.0\.0\.1:\d+/);
  const get = async () => (await fetch(`${url}/hello`)).text();
  return { cli, get };
}

describe('dev in the folder of a CDK app', () => {
  it('synthesizes the app, and runs its code where it is', async () => {
    const folder = cdkApp();
    const { cli, get } = await dev(folder);

    expect(await get()).toBe('hello from src');

    expect(cli.stdout).toMatch(/^Synthesizing the app: node app\.cjs\n/);
    expect(existsSync(join(folder, 'cdk.out/manifest.json'))).toBe(true);
  });

  it.each([
    ['the command of --app', ['--app', 'node app.cjs']],
    ['a script of --app', ['--app', './app.js']],
  ])('takes %s', async (_, args) => {
    const { get } = await dev(
      cdkApp({ app: 'node app.cjs' }, { 'app.js': "require('./app.cjs')" }),
      args,
    );
    expect(await get()).toBe('hello from src');
  });

  it.each([
    ['cdk.out', ['cdk.out']],
    ['cdk.out of --app', ['--app', 'cdk.out']],
  ])('runs what was synthesized before for %s', async (_, args) => {
    const { cli, get } = await dev(cdkApp({ app: 'exit 1' }, written('earlier')), args);
    expect(await get()).toBe('earlier from src');
    expect(cli.stdout).not.toContain('Synthesizing');
  });

  it.each([
    ['cdk.json has no app', {}, 'cdk.json has no "app" with its command (or use --app)'],
    [
      'its command is not installed',
      { app: 'no-such-program' },
      '"no-such-program" is not installed',
    ],
    [
      'npx would have to install it',
      { app: 'npx async-http-no-such-program' },
      '"npx async-http-no-such-program" needs async-http-no-such-program, which is not installed (npm install --save-dev async-http-no-such-program)',
    ],
  ])('runs what was synthesized before when %s, and says so', async (_, settings, reason) => {
    const { cli, get } = await dev(cdkApp(settings, written('earlier')));
    expect(await get()).toBe('earlier from src');
    expect(cli.stdout).toContain(`! The app is not synthesized, because ${reason}: `);
  });

  it("finds the app's command among those of its packages", async () => {
    const app = cdkApp(
      { app: 'our-tool app.cjs' },
      {
        'node_modules/our-tool/tool.cjs':
          '#!/usr/bin/env node\nrequire(require("node:path").resolve(process.argv[2]));',
      },
    );
    chmodSync(join(app, 'node_modules/our-tool/tool.cjs'), 0o755);
    mkdirSync(join(app, 'node_modules/.bin'));
    symlinkSync('../our-tool/tool.cjs', join(app, 'node_modules/.bin/our-tool'));
    const { get } = await dev(app);
    expect(await get()).toBe('hello from src');
  });

  it('tells the app its context, and what AWS is to look like', async () => {
    const folder = cdkApp(
      { app: 'node app.cjs', context: { stage: 'test', '@aws-cdk/core:flag': true } },
      {
        'cdk.context.json': JSON.stringify({
          'availability-zones:account=111122223333:region=eu-west-1': ['eu-west-1a'],
        }),
        'greeting.cjs':
          "module.exports = process.env.CDK_DEFAULT_ACCOUNT + '/' + process.env.CDK_DEFAULT_REGION + JSON.parse(process.env.CDK_CONTEXT_JSON).stage + JSON.parse(process.env.CDK_CONTEXT_JSON)['@aws-cdk/core:flag']",
      },
    );
    const { get } = await dev(folder, ['--context', 'stage=prod'], { AWS_REGION: '' });
    expect(await get()).toBe('111122223333/eu-west-1prodtrue from src');
  });
});

describe('--watch in the folder of a CDK app', () => {
  const write = (folder: string, file: string, text: string) =>
    writeFileSync(join(folder, file), text);

  it('synthesizes again when a source of the app changes, and not for what the app writes', async () => {
    const folder = cdkApp();
    const { cli, get } = await dev(folder, ['--watch']);

    write(folder, 'greeting.cjs', "module.exports = 'good evening';");
    await cli.sees(/^greeting\.cjs has changed: new requests get the new code\.$/m);
    expect(await get()).toBe('good evening from src');

    write(folder, 'greeting.cjs', "module.exports = 'good night';");
    await expect.poll(get, { timeout: 20_000 }).toBe('good night from src');
    expect(cli.stdout.match(/Synthesizing/g)).toHaveLength(3);
  });

  it('uses new code of a function while the app is synthesized again', async () => {
    const wait =
      "setInterval(() => require('node:fs').existsSync('src/slow.txt') || process.exit(), 20);";
    const folder = cdkApp({ app: 'node wait.cjs && node app.cjs' }, { 'wait.cjs': wait });
    const { cli, get } = await dev(folder, ['--watch']);
    expect(await get()).toBe('hello from src');

    write(folder, 'src/slow.txt', '');
    write(folder, 'src/index.js', "exports.handler = async () => 'new code';");

    await expect.poll(get, { timeout: 20_000 }).toBe('new code');
    expect(cli.stdout).not.toContain('changed');
  });

  it('keeps the functions when the app cannot be synthesized', async () => {
    const folder = cdkApp();
    const { cli, get } = await dev(folder, ['--watch']);

    write(folder, 'greeting.cjs', "throw new Error('no table');");
    await expect.poll(() => cli.stderr, { timeout: 20_000 }).toContain('run on as they were');
    expect(await get()).toBe('hello from src');

    write(folder, 'greeting.cjs', "module.exports = 'mended';");
    await expect.poll(get, { timeout: 20_000 }).toBe('mended from src');
  });

  it('ends when the app rewrites what is watched as it was', async () => {
    const folder = cdkApp(
      { app: 'node build.cjs && node app.cjs' },
      {
        'build.cjs': "require('node:fs').copyFileSync('text.txt', 'built.txt');",
        'text.txt': 'a',
      },
    );
    const { cli } = await dev(folder, ['--watch']);

    write(folder, 'text.txt', 'b');
    await cli.sees(/^text\.txt has changed/m);
    await cli.sees(/^built\.txt has changed/m);
    write(folder, 'text.txt', 'c');
    await cli.sees(/^text\.txt has changed[\s\S]*^text\.txt has changed/m);
    await cli.sees(/^built\.txt has changed[\s\S]*^built\.txt has changed/m);
    expect(cli.stdout.match(/Synthesizing/g)).toHaveLength(5);
  });
});

describe('an app that cannot be synthesized', () => {
  it('ends the run with what it wrote, and what to do', async () => {
    const folder = cdkApp(
      { app: 'node app.cjs' },
      { 'greeting.cjs': "throw new Error('no table')" },
    );
    const cli = runCli(['dev', '--port', '0'], { cwd: folder });

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toContain(
      `Error: The app in ${folder} cannot be synthesized, because "node app.cjs" ended with exit code 1. ` +
        'Correct it, or run what it synthesized last, if it did: dev cdk.out (ASYNC_HTTP_EMULATOR_SYNTHESIS_FAILED):\n',
    );
    expect(cli.stderr).toContain('Error: no table\n');
  });

  it('that takes long ends with the run', async () => {
    const folder = cdkApp(
      { app: 'node app.cjs' },
      { 'greeting.cjs': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);' },
    );
    const cli = runCli(['dev', '--port', '0'], { cwd: folder });
    await cli.sees(/Synthesizing/);
    cli.kill('SIGTERM');
    expect(await cli.exitCode).toBe(0);
  });
});

it('invoke runs a function of a CDK app', async () => {
  const cli = runCli(['invoke', 'Hello'], { cwd: cdkApp() });
  expect(await cli.exitCode).toBe(0);
  expect(JSON.parse(cli.stdout)).toEqual({ statusCode: 200, body: 'hello from src' });
});
