import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { serverless, writeProject } from './support/project.ts';

const CLI = join(import.meta.dirname, '../src/cli.ts');
const BROKEN = serverless({ environment: 'ASYNC_HANDLER: src/report.backgruond' });

async function run(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--conditions=@async-http/source', CLI, ...args],
    { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  return { stdout, stderr, exitCode };
}

describe('the program', () => {
  it('ends with 0 when nothing is wrong', async () => {
    expect(await run(writeProject(serverless()), ['check'])).toEqual({
      stdout: 'report  serverless.yml:11\n  ok\n\n1 function, 0 errors, 0 warnings, 0 notes\n',
      stderr: '',
      exitCode: 0,
    });
  });

  it('ends with 1 when jobs would not run, and says why', async () => {
    const { exitCode, stdout } = await run(writeProject(BROKEN), ['check', 'serverless.yml']);
    expect([exitCode, stdout]).toEqual([
      1,
      `report  serverless.yml:11
  error  ASYNC_HTTP_CHECK_HANDLER_EXPORT
    ASYNC_HANDLER is "src/report.backgruond", but src/report.js has no export "backgruond" (it exports background), so no job would run.
    → Did you mean ASYNC_HANDLER: src/report.background?

1 function, 1 error, 0 warnings, 0 notes
`,
    ]);
  });

  it('ends with 0 when there are only warnings', async () => {
    const environment = 'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_COLOUR: blue';
    const { exitCode } = await run(writeProject(serverless({ environment })), ['check']);
    expect(exitCode).toBe(0);
  });

  it('ends with 2 when it cannot understand the command', async () => {
    const { exitCode, stderr } = await run(writeProject({}), ['chekc']);
    expect([exitCode, stderr]).toEqual([
      2,
      'async-http: There is no command chekc; there is only check. See: async-http --help (ASYNC_HTTP_CHECK_USAGE)\n',
    ]);
  });

  it('ends with 2 when there is no project', async () => {
    const folder = writeProject({});
    const { exitCode, stderr } = await run(folder, ['check']);
    expect([exitCode, stderr]).toEqual([
      2,
      `async-http: The folder ${folder} has no serverless.yml, template.yaml, cdk.json or other project file, so nothing was checked. ` +
        'Name the project: npx async-http check path/to/serverless.yml (or template.yaml, cdk.json, cdk.out), or start in its folder. (ASYNC_HTTP_CHECK_NO_PROJECT)\n',
    ]);
  });

  it('ends with 1 when the project file cannot be read', async () => {
    const { exitCode, stderr } = await run(writeProject({ 'serverless.yml': '{' }), ['check']);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('(ASYNC_HTTP_EMULATOR_PROJECT_SYNTAX)'),
    ]);
  });

  it('prints its version', async () => {
    const { stdout } = await run(writeProject({}), ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('explains itself', async () => {
    const { exitCode, stdout } = await run(writeProject({}), ['--help']);
    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, 'Usage']);
  });

  it('writes a report for programs', async () => {
    const folder = writeProject(BROKEN);
    const { stdout } = await run(folder, ['check', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      file: join(folder, 'serverless.yml'),
      ok: false,
      summary: { functions: 1, otherFunctions: 0, errors: 1, warnings: 0, notes: 0 },
      functions: [
        {
          name: 'report',
          file: join(folder, 'serverless.yml'),
          line: 11,
          findings: [
            {
              code: 'ASYNC_HTTP_CHECK_HANDLER_EXPORT',
              severity: 'error',
              problem: expect.stringContaining('has no export "backgruond"'),
              advice: 'Did you mean ASYNC_HANDLER: src/report.background?',
            },
          ],
        },
      ],
    });
  });

  it('has colours where they are wanted', async () => {
    const { stdout } = await run(writeProject(BROKEN), ['check'], {
      FORCE_COLOR: '1',
      NO_COLOR: '',
    });
    expect(stdout).toContain('\u001b[31merror\u001b[39m');
  });

  it('synthesizes an app of the AWS CDK first', async () => {
    const app =
      "const { writeFileSync } = require('node:fs');\n" +
      "writeFileSync('cdk.out/manifest.json', JSON.stringify({ version: '48.0.0', artifacts: {} }));";
    const folder = writeProject({
      'cdk.json': '{ "app": "node app.cjs" }',
      'app.cjs': app,
      'cdk.out/.keep': '',
    });
    const { stderr } = await run(folder, ['check']);
    expect(stderr).toMatch(/^Synthesizing the app: node app\.cjs\n.*the app has no function/s);
  });
});
