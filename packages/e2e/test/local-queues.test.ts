import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDev } from '../src/emulator-dev.ts';
import { LAYER } from './support/start-function.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/queue/serverless.yml');

function start(projectFile: string) {
  const dev = startDev(projectFile);
  onTestFinished(() => dev.close());
  return dev;
}

it('the queue example runs on one machine, as it is deployed', async () => {
  const dev = start(EXAMPLE);

  const response = await fetch(`${await dev.url()}/reports`, { method: 'POST' });

  expect(response.status).toBe(202);
  expect(await response.text()).toBe('accepted');
  await dev.sees(/ worker·1 .*: finished\n/);
  await dev.sees(/ worker +→ 1 message of Jobs done in/);
});

it('a job that failed permanently is in the queue that ASYNC_HTTP_ON_FAILURE names with !GetAtt', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-queues-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(LAYER, join(folder, 'layer.zip'));
  await writeFile(
    join(folder, 'job.mjs'),
    "export const handler = async () => { throw new Error('no luck'); };\n",
  );
  await writeFile(
    join(folder, 'template.yaml'),
    `
Resources:
  FailedJobs: { Type: AWS::SQS::Queue }
  Layer: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer.zip } }
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Handler: /opt/proxy.handler
      Runtime: nodejs24.x
      Timeout: 20
      Layers: [!Ref Layer]
      Environment:
        Variables:
          ASYNC_HANDLER: job.handler
          ASYNC_HTTP_ON_FAILURE: !GetAtt FailedJobs.Arn
          CUSTOM_RES: '{"statusCode":202}'
      Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: /jobs } } }
`,
  );
  const dev = start(join(folder, 'template.yaml'));

  expect((await fetch(`${await dev.url()}/jobs`)).status).toBe(202);

  await dev.sees(/→ FailedJobs: RetriesExhausted \(Api, 3 attempts\) Error: no luck\n/);
  await dev.sees(/ Api·1 +environment frozen\n/);
});
