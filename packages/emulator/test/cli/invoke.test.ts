import { describe, expect, it } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { runCli } from './run-cli.ts';

describe('invoke', () => {
  it('shows with --explain what the function leaves unfinished, or that it is nothing', async () => {
    const folder = projectFolder({
      'index.js': `exports.clean = async () => 1;
exports.forgets = async () => void setTimeout(() => {}, 5_000);`,
      'serverless.yml':
        'provider: { name: aws, runtime: nodejs22.x }\nfunctions: { clean: { handler: index.clean }, forgets: { handler: index.forgets } }',
    });
    const explain = (name: string, ...options: string[]) =>
      runCli(['invoke', name, '--explain', ...options], { cwd: folder });
    const runs = [explain('clean'), explain('forgets'), explain('forgets', '--json')];
    await Promise.all(runs.map(({ exitCode }) => exitCode));
    const [clean, forgets, json] = runs;

    expect(clean?.stderr).toContain('Nothing was left unfinished.\n');
    expect(forgets?.stderr).toMatch(
      /unfinished: setTimeout 5,000 ms, started [\d,]+ ms ago at index\.js:2:\d+\n/,
    );
    expect(forgets?.stderr).not.toContain('Nothing was left');
    expect(json?.stdout).toMatch(/^\{.*"type":"unfinished".*\}$/m);
  });

  it('prints the result on standard output and the timeline on standard error', async () => {
    const cli = runCli(['invoke', 'echo', '--event', '-'], { input: '{"rawPath":"/x"}' });

    expect(await cli.exitCode).toBe(0);
    expect(JSON.parse(cli.stdout)).toEqual({ statusCode: 202, body: '{"rawPath":"/x"}' });
    expect(cli.stderr).toMatch(/echo·1 {2}→ response in [\d,]+ ms\n/);
    expect(cli.stderr).toMatch(/echo·1 {4}echo of \/x\n/);
    expect(cli.stderr).toMatch(/tail [\d,]+ ms\n.*environment frozen\n/);
  });

  it('takes the event from a file, and the project from another folder', async () => {
    const folder = projectFolder({
      'event.json': '{"body":"[1]"}',
      'app/index.js': 'exports.handler = async (event) => event.body;',
      'app/serverless.yml':
        'provider: { name: aws, runtime: nodejs22.x }\nfunctions: { f: { handler: index.handler } }',
    });

    const cli = runCli(
      ['invoke', 'service-dev-f', '--event', 'event.json', '--project', 'app/serverless.yml'],
      { cwd: folder },
    );

    expect(await cli.exitCode).toBe(0);
    expect(cli.stdout).toBe('"[1]"\n');
  });

  it('says without --verbose, and as an event with --json, what is different from the runtime', async () => {
    const folder = projectFolder({
      'index.js': 'exports.handler = async () => 1;',
      'serverless.yml':
        'provider: { name: aws, runtime: nodejs22.x }\nfunctions: { f: { handler: index.handler } }',
    });
    // Without a Node.js 22 to be found there.
    const env = { PATH: '/usr/bin:/bin', NODE_PATH: '' };
    const [text, json] = [[], ['--json']].map((options) =>
      runCli(['invoke', 'f', ...options], { cwd: folder, env }),
    );

    expect([await text?.exitCode, await json?.exitCode]).toEqual([0, 0]);
    const other = process.versions.node.startsWith('22.') ? 0 : 1;
    expect(text?.stderr.match(/ {2}! No Node\.js 22 was found/g) ?? []).toHaveLength(other);
    expect(json?.stdout.match(/"line":"No Node\.js 22 was found/g) ?? []).toHaveLength(other);
  });

  it('ends with exit code 1 when the function fails', async () => {
    const cli = runCli(['invoke', 'fails', '--json']);

    expect(await cli.exitCode).toBe(1);
    const lines = cli.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'result',
        statusCode: 200,
        functionError: 'Unhandled',
        payload: expect.stringContaining('as it should'),
      }),
    );
  });

  it('names the functions there are, when there is none of that name', async () => {
    const cli = runCli(['invoke', 'nobody']);

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toContain(
      'It has: echo, fails, works, slow. (ASYNC_HTTP_EMULATOR_FUNCTION_UNKNOWN)',
    );
  });

  it('says that an event cannot be read', async () => {
    const cli = runCli(['invoke', 'echo', '--event', '-'], { input: '{' });

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toContain('(ASYNC_HTTP_EMULATOR_EVENT_FILE)');
  });
});
