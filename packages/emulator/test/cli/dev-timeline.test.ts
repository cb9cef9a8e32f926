import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEvents } from '../page-server/start-page.ts';
import { projectFolder } from '../project/project-folder.ts';
import { call } from '../support/call.ts';
import { FIXTURE_PROJECT, type RunningCli, runCli } from './run-cli.ts';

/** Starts `dev` with its page; resolves when both serve. */
async function startDev(args: readonly string[] = [], cwd = FIXTURE_PROJECT) {
  const cli = runCli(['dev', '--port', '0', ...args], { cwd });
  const [, address = ''] = await cli.sees(/ {2}Timeline http:\/\/(127\.0\.0\.1:\d+)\n/);
  const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(cli.stdout) ?? [];
  return { cli, url, address, act: (action: object) => act(address, action) };
}

async function act(address: string, action: object) {
  const { text } = await call(address, 'GET', '/');
  const [, token = ''] = /"token":"([^"]+)"/.exec(text) ?? [];
  return call(address, 'POST', '/actions', { headers: { 'x-token': token }, body: action });
}

async function stop(cli: RunningCli): Promise<number | null> {
  cli.kill('SIGINT');
  return cli.exitCode;
}

describe('the page of dev', () => {
  it('sees a request, and Ctrl-C ends it although somebody looks', async () => {
    const { cli, url, address } = await startDev();
    const events = await openEvents(address);

    await fetch(`${url}/echo/joe`);

    const [hello, request] = await events.take(2);
    expect(hello?.data).toMatchObject({
      url,
      functions: expect.arrayContaining([expect.objectContaining({ name: 'echo' })]),
    });
    expect(request?.data.event).toMatchObject({ type: 'http.request', target: '/echo/joe' });
    expect(await stop(cli)).toBe(0);
    expect(cli.stderr).toBe('');
  });

  it('acts on the run, which says so', async () => {
    const { cli, act } = await startDev();

    await act({ action: 'invoke', functionName: 'echo', event: { rawPath: '/by-hand' } });

    await cli.sees(/ echo +by hand: invoke\n/);
    await cli.sees(/echo of \/by-hand/);
  });

  it('is not there with --no-timeline', async () => {
    const cli = runCli(['dev', '--port', '0', '--no-timeline']);
    await cli.sees(/http:\/\/127\.0\.0\.1:\d+/);

    expect(await stop(cli)).toBe(0);
    expect(cli.stdout).not.toContain('Timeline');
  });

  it('that cannot have its port ends dev', async () => {
    const { address } = await startDev();
    const [, port = ''] = address.split(':');

    const cli = runCli(['dev', '--port', '0', '--timeline-port', port]);

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toMatch(/another port with --timeline-port .*PORT_UNAVAILABLE/);
  });
});

describe('a destination that is down', () => {
  it('answers 503 until it is up again', async () => {
    const folder = projectFolder({
      'index.mjs': `export const handler = async () => {
  const { AWS_ENDPOINT_URL_SQS, QUEUE_URL } = process.env;
  const headers = { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' };
  const body = JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: 'a job' });
  const { status } = await fetch(AWS_ENDPOINT_URL_SQS, { method: 'POST', headers, body });
  return { statusCode: status };
};`,
      'template.yaml': `
Resources:
  Failed: { Type: AWS::SQS::Queue }
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      Timeout: 20
      Environment: { Variables: { QUEUE_URL: !Ref Failed } }
      Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: / } } }
`,
    });
    const { url, act } = await startDev([], folder);
    const send = async () => (await fetch(url)).status;

    const before = await send();
    await act({ action: 'destination-down', isDown: true });
    const down = await send();
    await act({ action: 'destination-down', isDown: false });

    expect([before, down, await send()]).toEqual([200, 503, 200]);
  });
});

describe('--record', () => {
  it.each(['run.json', 'run.html'])('writes %s at the end, without secrets', async (name) => {
    const folder = projectFolder({
      'index.js':
        'exports.handler = async () => { console.log(process.env.API_TOKEN); return {}; };',
      'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x, environment: { API_TOKEN: hunter2-hunter2 } }
functions: { f: { handler: index.handler, events: [{ httpApi: 'GET /' }] } }
`,
    });
    const cli = runCli(['dev', '--port', '0', '--no-timeline', '--request', '--record', name], {
      cwd: folder,
    });
    await cli.sees(/environment frozen/);

    expect(await stop(cli)).toBe(0);

    const text = readFileSync(join(folder, name), 'utf8');
    const inPage = /id="recording">(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    const json = name.endsWith('.json') ? text : inPage;
    expect(JSON.parse(json)).toMatchObject({
      version: 1,
      functions: [{ name: 'f' }],
      entries: expect.arrayContaining([
        expect.objectContaining({
          event: expect.objectContaining({ line: expect.stringContaining('[redacted]') }),
        }),
        expect.objectContaining({ event: expect.objectContaining({ type: 'shutdown.done' }) }),
      ]),
    });
    expect(text).not.toContain('hunter2');
  });

  it.each(['run.json', 'run.html'])('writes %s also at a second Ctrl-C, at once', async (name) => {
    const folder = projectFolder({
      'index.js': `exports.handler = async () => {
  console.log(process.env.API_TOKEN);
  await new Promise((resolve) => setTimeout(resolve, 25_000));
};`,
      'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x, timeout: 29, environment: { API_TOKEN: hunter2-hunter2 } }
functions: { f: { handler: index.handler, events: [{ httpApi: 'GET /' }] } }
`,
    });
    const cli = runCli(['dev', '--port', '0', '--no-timeline', '--request', '--record', name], {
      cwd: folder,
    });
    await cli.sees(/hunter2-hunter2/);

    cli.kill('SIGINT');
    await cli.sees(/Ctrl-C again/);
    // Signals that come right after the first are its echo, so keep on.
    const repeat = setInterval(() => cli.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(repeat));

    expect(await cli.exitCode).toBe(130);
    expect(cli.stdout).not.toContain('Ending work');
    const text = readFileSync(join(folder, name), 'utf8');
    const inPage = /id="recording">(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    expect(JSON.parse(name.endsWith('.json') ? text : inPage)).toMatchObject({
      version: 1,
      functions: [{ name: 'f' }],
      entries: expect.arrayContaining([
        expect.objectContaining({ event: expect.objectContaining({ type: 'invoke.start' }) }),
      ]),
    });
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hunter2');
    expect(readdirSync(folder)).not.toContain(`${name}.part`);
  });

  it('says at the start when the file cannot be written', async () => {
    const cli = runCli(['dev', '--port', '0', '--record', 'nowhere/run.html']);

    expect(await cli.exitCode).toBe(1);
    expect(cli.stderr).toMatch(
      /The recording cannot be written to .*nowhere\/run\.html.*RECORD_FILE/,
    );
  });
});
