import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { FIXTURE_PROJECT, type RunningCli, runCli } from './run-cli.ts';

const URL_PATTERN = /http:\/\/127\.0\.0\.1:\d+/;

/** Starts `dev` on a free port; resolves when it serves. */
async function startDev(args: readonly string[] = [], cwd = FIXTURE_PROJECT) {
  const cli = runCli(['dev', '--port', '0', ...args], { cwd });
  const [url] = await cli.sees(URL_PATTERN);
  return { cli, url };
}

/** The output without what differs from run to run; logs take another way, so their place does too. */
const normalized = ({ stdout }: RunningCli) =>
  stdout
    .replace(/^.*echo of.*\n/gm, '')
    .replace(/^.* {2}! Environments have no file system.*\n/gm, '')
    .replace(/^\d\d:\d\d:\d\d\.\d{3}/gm, '<time>')
    .replace(/localhost:\d+/g, 'localhost:<port>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/[\d,]+ ms/g, '<n> ms')
    .replace(/ +$/gm, '');

describe('dev', () => {
  it('shows the routes, then what each request does', async () => {
    const { cli, url } = await startDev();

    expect((await fetch(`${url}/echo/joe`)).status).toBe(202);
    await cli.sees(/environment frozen/);
    cli.kill('SIGINT');
    expect(await cli.exitCode).toBe(0);

    expect(normalized(cli)).toMatchInlineSnapshot(`
      "
        GET   http://127.0.0.1:<port>/echo/{name}       echo
        POST  http://127.0.0.1:<port>/echo              echo
        GET   http://127.0.0.1:<port>/fails             fails
        URL   http://echo.lambda-url.localhost:<port>/  echo
        Without a route: works, slow. Run one with: invoke FUNCTION
        Timeline http://127.0.0.1:<port>

      <time>  echo     GET /echo/joe  #1
      <time>  echo·1   starting an environment
      <time>  echo·1   ready after <n> ms
      <time>  echo·1   → 202 in <n> ms  #1
      <time>  echo·1   tail <n> ms
      <time>  echo·1   environment frozen
      Shutting down. Ctrl-C again to stop at once.
      <time>  echo·1   environment thawed
      <time>  echo·1   shutting down (spindown)
      <time>  echo·1   environment gone
      "
    `);
    expect(cli.stdout).toMatch(/ echo·1 {5}echo of \/echo\/joe\n/);
    expect(cli.stderr).toBe('');
  });

  it('says what an authorizer did, and what to do about it', async () => {
    const folder = projectFolder({
      'index.js': `
exports.handler = async () => ({ statusCode: 200 });
exports.auth = async ({ headers }) => {
  if (headers.authorization === 'broken') throw new Error('no luck');
  return { isAuthorized: headers.authorization === 'yes' };
};
`,
      'serverless.yml': `
service: shop
provider:
  name: aws
  runtime: nodejs24.x
  httpApi:
    authorizers:
      mine: { type: request, functionName: auth, enableSimpleResponses: true }
functions:
  auth: { handler: index.auth }
  order:
    handler: index.handler
    events: [{ httpApi: { method: GET, path: /, authorizer: mine } }]
`,
    });
    const { cli, url } = await startDev([], folder);
    const send = async (authorization: string) =>
      (await fetch(url, { headers: { authorization } })).status;

    expect([await send('yes'), await send('no'), await send('broken')]).toEqual([200, 403, 500]);
    await cli.sees(/→ 403 in \d+ ms: the authorizer mine answered isAuthorized: false {2}#2/);
    await cli.sees(
      /→ 500 in \d+ ms: the authorizer mine failed: Error: no luck; correct its function auth, .* {2}#3/,
    );
  });

  it('sends a request to each route with --request', async () => {
    const { cli } = await startDev(['--request']);

    await cli.sees(/Every route has answered/);

    expect(cli.stdout.match(/→ \d+/g)).toEqual(['→ 202', '→ 202', '→ 500', '→ 202']);
  });

  it('sends a request to each function URL, and to a route that another API hides', async () => {
    const folder = projectFolder({
      'index.js': 'exports.handler = async () => ({ statusCode: 200 });',
      'template.yaml': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, CodeUri: ., Handler: index.handler } }
Resources:
  First: { Type: AWS::Serverless::HttpApi }
  Second: { Type: AWS::Serverless::HttpApi }
  One:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig: { AuthType: NONE }
      Events: { Get: { Type: HttpApi, Properties: { ApiId: !Ref First, Method: GET, Path: / } } }
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Events: { Get: { Type: HttpApi, Properties: { ApiId: !Ref Second, Method: GET, Path: / } } }
`,
    });
    const { cli } = await startDev(['--request'], folder);
    await cli.sees(/Every route has answered/);

    expect(cli.stdout.match(/(?:One|Two) +GET \//g)).toEqual([
      'One    GET /',
      'Two    GET /',
      'One    GET /',
    ]);
    expect(cli.stdout.match(/→ \d+/g)).toEqual(['→ 200', '→ 200', '→ 200']);
  });

  it('says with --request that there is nothing to send one to', async () => {
    const folder = projectFolder({
      'index.js': 'exports.handler = async () => {};',
      'serverless.yml': `
service: s
provider: { name: aws, runtime: nodejs24.x }
functions: { only: { handler: index.handler } }
`,
    });
    const cli = runCli(['dev', '--port', '0', '--request'], { cwd: folder });

    await cli.sees(/There is no route to send a request to\. Run a function with: invoke FUNCTION/);
    expect(cli.stdout).not.toContain('Every route has answered');
  });

  it('prints one JSON line for each event with --json, and nothing else', async () => {
    const cli = runCli(['dev', '--port', '0', '--json', '--request']);
    // In any order: a freeze can take longer than the next request.
    await cli.sees(/"type":"frozen"/);
    await cli.sees(/"statusCode":500/);
    cli.kill('SIGTERM');
    expect(await cli.exitCode).toBe(0);

    const events = cli.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toEqual({ type: 'events', version: 1 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'http.request', method: 'GET', functionName: 'echo' }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'log', source: 'platform', functionName: 'echo' }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'shutdown.done' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'gives running work some seconds after %s, then ends it',
    async (signal) => {
      const { cli, url } = await startDev();
      void invokeWorks(url);
      await cli.sees(/works on/);

      cli.kill(signal);

      expect(await cli.exitCode).toBe(0);
      expect(cli.stdout).toContain('Ending work that still runs after 5 s.');
      expect(cli.stdout).toMatch(
        /works·1 +cut off: the invoke [-0-9a-f]{36} still ran\n(.*\n)*.* works·1 +shutting down \(failure\)\n.* environment gone\n/,
      );
    },
  );

  it('answers the requests that run at Ctrl-C', async () => {
    const { cli, url } = await startDev();
    const response = fetch(`${url}/2015-03-31/functions/slow/invocations`, {
      method: 'POST',
      body: '{"queryStringParameters":{"ms":"1000"}}',
    });
    await cli.sees(/begins/);

    cli.kill('SIGINT');

    expect(await (await response).json()).toMatchObject({ statusCode: 200 });
    expect(await cli.exitCode).toBe(0);
  });

  it('tells the requests that wait for an environment at Ctrl-C, and starts none any more', async () => {
    const { cli, url } = await startDev();
    const requests = Array.from({ length: 40 }, () =>
      fetch(`${url}/2015-03-31/functions/works/invocations`, { method: 'POST' }),
    );
    await cli.sees(/works on/);

    cli.kill('SIGINT');
    const statuses = (await Promise.all(requests)).map(({ status }) => status);

    expect(await cli.exitCode).toBe(0);
    // Those that ran have the function error of an environment that was cut off.
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    const [, after = ''] = cli.stdout.split('Shutting down.');
    const started = after.match(/starting an environment/g) ?? [];
    expect(started.length).toBeLessThanOrEqual(Math.max(2, availableParallelism()));
  });

  it('ends at once at the second Ctrl-C', async () => {
    const { cli, url } = await startDev();
    void invokeWorks(url);
    await cli.sees(/works on/);

    cli.kill('SIGINT');
    await cli.sees(/Ctrl-C again/);
    // Signals that come right after the first are its echo, so keep on.
    const repeat = setInterval(() => cli.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(repeat));

    expect(await cli.exitCode).toBe(130);
  });

  it('says that its port is taken, and starts nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };

    const cli = runCli(['dev', '--port', String(port)]);

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toContain('(ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE)');
    expect(cli.stderr.split('\n')).toHaveLength(2);
  });

  it('uses new code at once with --watch, and keeps the old when the new cannot start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(FIXTURE_PROJECT, folder, { recursive: true });
    const handlers = join(folder, 'src/handlers.js');
    const projectFile = join(folder, 'serverless.yml');
    const { cli, url } = await startDev(['--watch'], folder);
    const status = async () => (await fetch(`${url}/echo/joe`)).status;
    expect(await status()).toBe(202);

    writeFileSync(handlers, readFileSync(handlers, 'utf8').replace('202', '203'));
    await cli.sees(/handlers\.js has changed/);
    expect(await status()).toBe(203);

    const project = readFileSync(projectFile, 'utf8');
    writeFileSync(projectFile, 'functions: [');
    await expect.poll(() => cli.stderr, { timeout: 10_000 }).toContain('run on as they were');
    expect(await status()).toBe(203);

    writeFileSync(projectFile, project.replace('GET /echo/{name}', 'GET /hello/{name}'));
    await cli.sees(/serverless\.yml has changed/);
    expect(await status()).toBe(404);
    expect((await fetch(`${url}/hello/joe`)).status).toBe(203);
  });
});

describe('a function that cannot run', () => {
  const PROJECT = {
    'index.js': 'exports.handler = async () => ({ statusCode: 200 });',
    'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions:
  order: { handler: index.handler, events: [{ httpApi: GET /order }] }
  broken: { handler: gone.handler, url: true, events: [{ httpApi: GET /broken }] }`,
  };

  it('is named at the start, and answers 502 with the reason', async () => {
    const { cli, url } = await startDev([], projectFolder(PROJECT));

    const response = await fetch(`${url}/broken`);

    expect(response.status).toBe(502);
    expect(await response.text()).toContain('the handler \\"gone.handler\\" of function');
    expect((await fetch(`${url}/order`)).status).toBe(200);
    expect(cli.stdout).toMatch(/! serverless\.yml:5: the handler "gone\.handler" .* answer 502\./);
    expect(cli.stderr).toBe('');
  });

  it('runs with --watch as soon as it can', async () => {
    const folder = projectFolder(PROJECT);
    const { cli, url } = await startDev(['--watch'], folder);

    writeFileSync(join(folder, 'gone.js'), PROJECT['index.js']);
    await cli.sees(/gone\.js has changed: new requests get the new code\.\n/);

    expect((await fetch(`${url}/broken`)).status).toBe(200);
  });

  it('is refused by invoke with the reason', async () => {
    const cli = runCli(['invoke', 'broken'], { cwd: projectFolder(PROJECT) });
    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toContain('(ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND)');
  });
});

describe('--watch', () => {
  it('does not reload for what it prints into the project itself', async () => {
    const folder = projectFolder({
      'index.js': 'exports.handler = async () => ({ statusCode: 200 });',
      'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions: { order: { handler: index.handler, events: [{ httpApi: GET /order }] } }`,
    });
    const output = join(folder, 'output.txt');
    const cli = runCli(['dev', '--port', '0', '--watch', '--verbose'], { cwd: folder, output });
    const [url] = await cli.sees(URL_PATTERN);
    await fetch(`${url}/order`);
    await cli.sees(/environment frozen/);

    writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => ({ statusCode: 201 });');
    await cli.sees(/changed/);

    expect(readFileSync(output, 'utf8').match(/.*changed.*/g)).toEqual([
      'index.js has changed: new requests get the new code.',
    ]);
  });
});

const invokeWorks = (url: string) =>
  fetch(`${url}/2015-03-31/functions/works/invocations`, { method: 'POST' }).catch(() => undefined);

describe('a start that fails', () => {
  it('names the missing project file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-empty-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

    const cli = runCli(['dev'], { cwd: folder });

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr.replace(folder, '<folder>')).toMatchInlineSnapshot(`
      "Error: The folder <folder> has no serverless.yml, serverless.yaml, serverless.json, serverless.ts, serverless.js, serverless.mjs, serverless.cjs, cdk.json, template.yaml, template.yml, template.json, so there are no functions to run. Name the project file, or start in its folder. (ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND)
      "
    `);
  });

  it('ends with exit code 2 for a command line that is not understood', async () => {
    const cli = runCli(['dev', '--prot', '1']);
    expect(await cli.exitCode).toBe(2);
    expect(cli.stderr).toMatchInlineSnapshot(`
      "Error: Unknown option '--prot'. See: async-http-emulator --help (ASYNC_HTTP_EMULATOR_USAGE)
      "
    `);
  });
});

describe('help and version', () => {
  it('are on standard output', async () => {
    const help = runCli(['--help']);
    const version = runCli(['--version']);
    expect([await help.exitCode, await version.exitCode]).toEqual([0, 0]);
    expect(help.stdout).toContain('async-http-emulator dev');
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
