import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch } from 'undici';
import { expect, it } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { runCli } from './run-cli.ts';

const GOOD = 'export const handler = async () => ({ statusCode: 200, body: text });';

/** A project of two TypeScript functions, with the routes `/one` and `/two`, that `dev` serves. */
async function startDev(files: Record<string, string>, ...args: string[]) {
  const folder = projectFolder({
    'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions:
  one: { handler: one.handler, events: [{ httpApi: GET /one }] }
  two: { handler: two.handler, events: [{ httpApi: GET /two }] }`,
    'one.ts': `import { text } from './shared/text.ts';\n${GOOD}`,
    'two.ts': `const text = 'two';\n${GOOD}`,
    'shared/text.ts': `export const text: string = 'one';`,
    ...files,
  });
  const cli = runCli(['dev', '--port', '0', ...args], { cwd: folder });
  const [url] = await cli.sees(/http:\/\/127\.0\.0\.1:\d+/);
  return {
    cli,
    folder,
    write: (name: string, content: string) => writeFileSync(join(folder, name), content),
    async get(path: string) {
      const response = await fetch(url + path);
      return { status: response.status, body: await response.text() };
    },
  };
}

it('a function that cannot be bundled answers 502 with the reason, and the others run', async () => {
  const { cli, get, folder } = await startDev({ 'one.ts': 'export const handler = ;' });

  const { status, body } = await get('/one');

  expect(status).toBe(502);
  expect(JSON.parse(body).message.replaceAll(folder, '.')).toMatchInlineSnapshot(`
    "The function service-dev-one cannot run. ./one.ts cannot be bundled:
    one.ts:1:24: Unexpected ";".
        export const handler = ;
                               ^"
  `);
  expect(await get('/two')).toEqual({ status: 200, body: 'two' });
  expect(cli.stderr.replaceAll(folder, '.')).toMatchInlineSnapshot(`
    "Error: ./one.ts cannot be bundled (ASYNC_HTTP_EMULATOR_BUNDLE_FAILED):
    one.ts:1:24: Unexpected ";".
        export const handler = ;
                               ^
    "
  `);
});

it('a change of a file reaches the functions that contain it, and only those', async () => {
  const { cli, get, write } = await startDev({}, '--watch');
  expect([await get('/one'), await get('/two')]).toEqual([
    { status: 200, body: 'one' },
    { status: 200, body: 'two' },
  ]);

  write('shared/text.ts', `export const text: string = 'new';`);
  await cli.sees(/shared\/text\.ts has changed/);

  expect(await get('/one')).toEqual({ status: 200, body: 'new' });
  await cli.sees(/one·1 +environment gone/);
  expect(await get('/two')).toEqual({ status: 200, body: 'two' });
  expect(cli.stdout).not.toMatch(/two·2|two·1 +environment gone/);
});

it('a function recovers with the next good save', async () => {
  const { cli, get, write } = await startDev({}, '--watch');

  write('shared/text.ts', 'export const text = ;');
  await expect.poll(() => cli.stderr, { timeout: 10_000 }).toMatch(/shared\/text\.ts:1:21/);
  await cli.sees(/text\.ts has changed: .*; one cannot run until it is mended\./);
  expect((await get('/one')).status).toBe(502);

  write('shared/text.ts', `export const text = 'mended';`);
  await cli.sees(/has changed[\s\S]*has changed/);
  expect(await get('/one')).toEqual({ status: 200, body: 'mended' });
});

it('a function is reloaded with files outside its code folder that its bundle contains', async () => {
  const folder = projectFolder({
    'template.yaml': `
Resources:
  One:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild }
    Properties:
      CodeUri: api
      Handler: one.handler
      Runtime: nodejs24.x
      Events: { Get: { Type: HttpApi, Properties: { Path: /one, Method: GET } } }`,
    'api/one.ts': `import { text } from '../shared/text.ts';\n${GOOD}`,
    'shared/text.ts': `export const text = 'one';`,
  });
  const cli = runCli(['dev', '--port', '0', '--watch'], { cwd: folder });
  const [url] = await cli.sees(/http:\/\/127\.0\.0\.1:\d+/);
  expect(await (await fetch(`${url}/one`)).text()).toBe('one');

  writeFileSync(join(folder, 'shared/text.ts'), `export const text = 'new';`);
  await cli.sees(/shared\/text\.ts has changed/);

  expect(await (await fetch(`${url}/one`)).text()).toBe('new');
});

it('invoke fails with the reason when the function cannot be bundled', async () => {
  const folder = projectFolder({
    'serverless.yml':
      'provider: { runtime: nodejs24.x }\nfunctions: { one: { handler: one.handler } }',
    'one.ts': 'export const handler = ;',
  });

  const cli = runCli(['invoke', 'one'], { cwd: folder });

  expect(await cli.exitCode).toBe(1);
  expect(cli.stderr).toContain('one.ts:1:24: Unexpected ";".');
});
