import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { DYNAMO_CALL } from '../support/dynamo-call.ts';
import { installDynalite } from '../support/install-dynalite.ts';
import { runCli } from './run-cli.ts';

const FUNCTION = `${DYNAMO_CALL}
const call = async (action, input) => {
  const response = await dynamo(action, { TableName: process.env.TABLE, ...input });
  return { statusCode: response.status, headers: { 'content-type': response.headers.get('content-type') }, body: await response.text() };
};
export const put = () => call('PutItem', { Item: { id: { S: '1' }, total: { N: '7' } } });
export const get = () => call('GetItem', { Key: { id: { S: '1' } } });
export const list = () => call('ListTables', { TableName: undefined });
export const endpoint = async () => ({ statusCode: 200, body: String(process.env.AWS_ENDPOINT_URL_DYNAMODB) });
`;

const route = (name: string, properties = '') => `
  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.${name.toLowerCase()}
      ${properties}
      Environment: { Variables: { TABLE: !Ref Orders } }
      Events: { On: { Type: HttpApi, Properties: { Method: GET, Path: /${name.toLowerCase()} } } }
`;

const ORDERS = `
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
`;

const template = (resources: string) => `
Globals: { Function: { Runtime: nodejs24.x, Timeout: 20 } }
Resources: ${resources}`;

const PROJECT = {
  'package.json': '{}',
  'index.mjs': FUNCTION,
  'template.yaml': template(ORDERS + route('Put') + route('Get') + route('List')),
};

/** Without the packages that pnpm's runner shows to all that it starts. */
const OWN_PACKAGES = { NODE_PATH: '' };

async function startDev(folder: string, ...options: string[]) {
  const cli = runCli(['dev', '--port', '0', ...options], { cwd: folder, env: OWN_PACKAGES });
  const [, url = ''] = await cli.sees(/GET +(http:\S+)\/\w+ /);
  return { cli, get: async (path: string) => fetch(`${url}${path}`) };
}

it('one function finds in a table of the project what another one has put there', async () => {
  const folder = projectFolder(PROJECT);
  installDynalite(folder);
  const { cli, get } = await startDev(folder);
  expect(cli.stdout).toMatch(/SQS, SNS, EventBridge, S3, DynamoDB and Lambda are local/);

  expect((await get('/put')).status).toBe(200);

  expect(await (await get('/get')).json()).toEqual({ Item: { id: { S: '1' }, total: { N: '7' } } });
  cli.kill('SIGINT');
  expect(await cli.exitCode).toBe(0);
  expect(cli.stderr).toBe('');
});

it('with --watch a new table is there at once, and the others keep their items', async () => {
  const folder = projectFolder(PROJECT);
  installDynalite(folder);
  const { cli, get } = await startDev(folder, '--watch');
  await get('/put');

  const more = `${PROJECT['template.yaml']}
  Users: { Type: AWS::Serverless::SimpleTable }
`;
  writeFileSync(join(folder, 'template.yaml'), more);
  await cli.sees(/new requests get the new code/);

  expect(await (await get('/list')).json()).toEqual({ TableNames: ['Orders', 'Users'] });
  expect(await (await get('/get')).json()).toMatchObject({ Item: { total: { N: '7' } } });
});

describe('a project without dynalite', () => {
  it('reports what to install, in one line and in the answer to each request', async () => {
    const folder = projectFolder(PROJECT);
    const sentence = `DynamoDB is answered here by dynalite, which is not installed in ${folder}: npm i -D dynalite`;
    const { cli, get } = await startDev(folder);

    const response = await get('/get');

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(await response.json()).toEqual({ __type: 'DynaliteMissingError', message: sentence });
    expect(cli.stderr).toBe(`! ${sentence}\n`);
  });

  it('has its tables as soon as dynalite is installed', async () => {
    const folder = projectFolder(PROJECT);
    const { get } = await startDev(folder);
    await get('/get');

    installDynalite(folder);

    expect(await (await get('/list')).json()).toEqual({ TableNames: ['Orders'] });
  });

  it('hears nothing of it when it has no tables, and its functions keep DynamoDB in AWS', async () => {
    const resources = `
  Orders: { Type: AWS::SQS::Queue }
${route('Endpoint')}`;
    const folder = projectFolder({ ...PROJECT, 'template.yaml': template(resources) });
    const { cli, get } = await startDev(folder);

    expect(await (await get('/endpoint')).text()).toBe('undefined');
    expect(cli.stdout).toMatch(/SQS, SNS, EventBridge, S3 and Lambda are local/);
    expect(cli.stderr).toBe('');
  });
});

it('a function with its own endpoint for DynamoDB keeps it', async () => {
  const own = 'http://127.0.0.1:8000';
  const resources =
    ORDERS + route('Endpoint').replace('{ TABLE:', `{ AWS_ENDPOINT_URL_DYNAMODB: '${own}', TABLE:`);
  const folder = projectFolder({ ...PROJECT, 'template.yaml': template(resources) });
  installDynalite(folder);
  const { get } = await startDev(folder);

  expect(await (await get('/endpoint')).text()).toBe(own);
});

it('a table that comes with --watch, where there was none, is there from the next start on', async () => {
  const queue = template(`
  Orders: { Type: AWS::SQS::Queue }
${route('Endpoint')}`);
  const folder = projectFolder({ ...PROJECT, 'template.yaml': queue });
  installDynalite(folder);
  const { cli } = await startDev(folder, '--watch');

  writeFileSync(join(folder, 'template.yaml'), template(ORDERS + route('Endpoint')));
  await cli.sees(/new requests get the new code/);

  await expect
    .poll(() => cli.stderr)
    .toBe('! The project has tables now: start dev again to have them locally.\n');
});
