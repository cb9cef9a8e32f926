import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { hasNamespaces } from '../support/start.ts';
import { runCli } from './run-cli.ts';

const FUNCTIONS = {
  // As an SDK does it: the endpoint comes from the environment.
  'index.mjs': `
export const send = async () => {
  const { AWS_ENDPOINT_URL_SQS, QUEUE_URL } = process.env;
  if (!AWS_ENDPOINT_URL_SQS) return { statusCode: 501, body: 'no local queues' };
  const response = await fetch(AWS_ENDPOINT_URL_SQS, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: 'a job' }),
  });
  return { statusCode: response.status, body: QUEUE_URL };
};
export const work = async ({ Records }) => {
  console.log('working on', Records[0].body);
  throw new Error('no luck');
};
`,
};

const PROJECT = {
  ...FUNCTIONS,
  'template.yaml': `
Globals: { Function: { Runtime: nodejs24.x, Timeout: 20 } }
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 0
      RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 1 }
  DeadJobs: { Type: AWS::SQS::Queue }
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.send
      Environment: { Variables: { QUEUE_URL: !Ref Jobs } }
      Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: /send } } }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.work
      Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } } }
`,
};

it('a message goes from one function to the other, and to the dead-letter queue when that fails', async () => {
  const cli = runCli(['dev', '--port', '0'], { cwd: projectFolder(PROJECT) });
  const [, url] = await cli.sees(/GET +(http:\S+\/send)/);
  expect(cli.stdout).toMatch(/SQS +Jobs +Work\n/);
  expect(cli.stdout).toMatch(/SQS, SNS, EventBridge, S3 and Lambda are local/);

  const response = await fetch(url ?? '');

  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/123456789012\/Jobs$/);
  await cli.sees(/ Work +1 message of Jobs\n/);
  await cli.sees(/ Work·1 +working on a job\n/);
  await cli.sees(/ Work +→ 1 of 1 message of Jobs failed in [\d,]+ ms: Error: no luck\n/);
  await cli.sees(/ +→ DeadJobs: a job\n/);
  cli.kill('SIGINT');
  expect(await cli.exitCode).toBe(0);
  expect(cli.stderr).toBe('');
});

it('with --aws nothing is local', async () => {
  const cli = runCli(['dev', '--port', '0', '--aws'], { cwd: projectFolder(PROJECT) });
  const [, url] = await cli.sees(/GET +(http:\S+\/send)/);

  expect((await fetch(url ?? '')).status).toBe(501);

  expect(cli.stdout).not.toMatch(/are local/);
});

it('a function that leads its clients elsewhere keeps its endpoints', async () => {
  const template = PROJECT['template.yaml'].replace(
    '{ QUEUE_URL:',
    '{ AWS_ENDPOINT_URL: http://127.0.0.1:9, QUEUE_URL:',
  );
  const cli = runCli(['dev', '--port', '0'], {
    cwd: projectFolder({ ...PROJECT, 'template.yaml': template }),
  });
  const [, url] = await cli.sees(/GET +(http:\S+\/send)/);

  expect((await fetch(url ?? '')).status).toBe(501);
});

it('with --watch a new version of the worker gets the next message', async () => {
  const folder = projectFolder(PROJECT);
  const cli = runCli(['dev', '--port', '0', '--watch'], { cwd: folder });
  const [, url] = await cli.sees(/GET +(http:\S+\/send)/);
  await fetch(url ?? '');
  await cli.sees(/→ DeadJobs: a job\n/);

  writeFileSync(
    join(folder, 'index.mjs'),
    FUNCTIONS['index.mjs'].replace("'working on'", "'the new code works on'"),
  );
  await cli.sees(/new requests get the new code/);
  await fetch(url ?? '');

  await cli.sees(/the new code works on a job\n/);
});

describe('invoke', () => {
  it('has the queues of the project, and reports what the function sent', async () => {
    const cli = runCli(['invoke', 'Send'], { cwd: projectFolder(PROJECT) });

    expect(await cli.exitCode).toBe(0);
    expect(JSON.parse(cli.stdout)).toMatchObject({ statusCode: 200 });
    // Nobody fetches it: only one function runs.
    expect(cli.stderr).toMatch(/ +→ Jobs: a job\n/);
    expect(cli.stderr).not.toMatch(/Work·1/);
  });

  it('has none with --aws', async () => {
    const cli = runCli(['invoke', 'Send', '--aws'], { cwd: projectFolder(PROJECT) });

    expect(await cli.exitCode).toBe(0);
    expect(JSON.parse(cli.stdout)).toMatchObject({ statusCode: 501 });
  });

  it.runIf(hasNamespaces)(
    'lets the function invoke itself, where environments run side by side',
    async () => {
      const code = `exports.handler = async (event, { functionName }) => {
      if (event.depth) return { ...event, done: true };
      const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/' + functionName + '/invocations';
      return (await fetch(url, { method: 'POST', body: '{"depth":1}' })).json();
    };`;
      const template = `
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Self:
    Type: AWS::Serverless::Function
    Properties: { Handler: self.handler, Runtime: nodejs24.x, Timeout: 20 }
`;
      const folder = projectFolder({ 'self.js': code, 'template.yaml': template });

      const cli = runCli(['invoke', 'Self'], { cwd: folder });

      expect(await cli.exitCode).toBe(0);
      expect(JSON.parse(cli.stdout)).toEqual({ depth: 1, done: true });
    },
  );
});

it('a run that cannot begin leaves no service behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;

  const cli = runCli(['dev', '--port', String(port)], { cwd: projectFolder(PROJECT) });

  expect(await cli.exitCode).toBe(1);
});
