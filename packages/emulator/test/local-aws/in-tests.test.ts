import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { type LocalServicesOptions, startLocalAws } from '../../src/index.ts';
import { projectFolder } from '../project/project-folder.ts';
import { DYNAMO_CALL } from '../support/dynamo-call.ts';
import { folder } from '../support/layer.ts';
import { start } from '../support/start.ts';

// Where dynalite is, wherever the tests are started.
process.chdir(import.meta.dirname);

const FAILED = 'arn:aws:sqs:eu-west-1:123456789012:FailedJobs';

async function startServices(options: LocalServicesOptions) {
  const aws = await startLocalAws(options);
  onTestFinished(() => aws.close());
  return aws;
}

it('a function of startLambda() sends to the local services, and the test sees what', async () => {
  const seen: string[] = [];
  const aws = await startServices({
    environment: {
      FAILED,
      QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/FailedJobs',
    },
    onMessage: ({ body }) => seen.push(body),
  });
  const code = await folder({
    'index.mjs': `
      const { AWS_ENDPOINT_URL_SQS, QUEUE_URL } = process.env;
      export const handler = async (event) => {
        const response = await fetch(AWS_ENDPOINT_URL_SQS, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': 'AmazonSQS.SendMessage',
            authorization:
              'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=local',
          },
          body: JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: event.text }),
        });
        return response.status;
      };`,
  });
  const lambda = await start({ code, environment: aws.environment });

  const { payload } = await lambda.invoke({ text: 'no luck' });
  await aws.settled();

  expect(payload.toString()).toBe('200');
  expect(aws.messages).toEqual([{ service: 'sqs', resource: 'FailedJobs', body: 'no luck' }]);
  expect(seen).toEqual(['no luck']);
});

it('the variables lead every client of the five services there, and queue URLs too', async () => {
  const { url, environment } = await startServices({
    environment: { TABLE: 'orders', JOBS: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs' },
  });

  expect(environment).toEqual({
    TABLE: 'orders',
    JOBS: `${url}/123456789012/jobs`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: url,
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_SNS: url,
    AWS_ENDPOINT_URL_SQS: url,
  });
});

it('a variable that leads a client elsewhere stays', async () => {
  const own = { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9324' };

  expect((await startServices({ environment: own })).environment).toMatchObject(own);
});

it('a function keeps items in a table that the test names', async () => {
  const aws = await startServices({ tables: [{ name: 'orders', key: 'customer', sortKey: 'at' }] });
  const Item = { customer: { S: 'Ada' }, at: { S: '2026-01-01' }, total: { N: '7' } };
  const code = await folder({
    'index.mjs': `${DYNAMO_CALL}
      export const handler = async ({ action, input }) => {
        const response = await dynamo(action, { TableName: 'orders', ...input });
        return response.json();
      };`,
  });
  const lambda = await start({ code, environment: aws.environment });
  const call = async (action: string, input: object) =>
    JSON.parse((await lambda.invoke({ action, input })).payload.toString());

  await call('PutItem', { Item });

  const { customer, at } = Item;
  expect(await call('GetItem', { Key: { customer, at } })).toEqual({ Item });
  expect(aws.messages).toEqual([]);
});

it('tables without dynalite in the working directory are an error that names what to install', async () => {
  const { stdout } = await runModule(
    `import { startLocalAws } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url))};
    await startLocalAws({ tables: [{ name: 'orders', key: 'id' }] }).catch(({ code, message }) =>
      console.log(code, message),
    );`,
  );

  expect(stdout).toMatch(
    /^ASYNC_HTTP_EMULATOR_DYNALITE_MISSING DynamoDB is answered here by dynalite, .*: npm i -D dynalite\n$/,
  );
});

it.each([
  [{ environment: { BUCKET: 'arn:aws:s3:::Not_A_Bucket' } }],
  [{ tables: [{ name: 'no', key: 'id' }] }],
])('a name that AWS would refuse is an error: %j', async (options) => {
  await expect(startLocalAws(options)).rejects.toMatchObject({
    code: 'ASYNC_HTTP_EMULATOR_LOCAL_AWS_REFUSED',
  });
});

/** Runs a module in an empty folder, without the packages that pnpm's runner shows to all that it starts. */
function runModule(source: string) {
  const { NODE_PATH: _, ...env } = process.env;
  const args = ['--conditions=@async-http/source', '--input-type=module', '--eval', source];
  return promisify(execFile)(process.execPath, args, { cwd: projectFolder({}), env });
}
