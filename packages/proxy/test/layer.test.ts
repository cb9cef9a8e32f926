import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startListener } from '@async-http/test-support';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { layer } from '../tsup.config.ts';

/** In the place of `/opt`: nothing but the built file is near. */
let opt: string;

beforeAll(async () => {
  opt = await mkdtemp(join(tmpdir(), 'async-http-opt-'));
  const entry = { proxy: fileURLToPath(new URL('../src/layer.ts', import.meta.url)) };
  await build({ ...layer, entry, outDir: opt, config: false, silent: true });
});
afterAll(() => rm(opt, { recursive: true }));

/** Runs a program that may use `opt`, and returns what it prints. */
async function run(
  program: string,
  { type = 'module', env = {} }: { type?: string; env?: Record<string, string> } = {},
) {
  const source = program.replaceAll('/opt', opt);
  const child = spawn(process.execPath, [`--input-type=${type}`, '-e', source], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  await once(child, 'close');
  return output;
}

const FUNCTION = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: '/opt/proxy.handler' };

const CONTEXT = `{
  awsRequestId: 'request-1', functionName: 'f', invokedFunctionArn: 'arn:aws:lambda:::function:f',
  getRemainingTimeInMillis: () => 3000,
}`;

describe('/opt/proxy.js', () => {
  it('gives its names to import', async () => {
    const { stdout, stderr } = await run(`
      import { createProxy, handler, PayloadInvalidError, sendArgs } from '/opt/proxy.js';
      console.log(typeof createProxy, typeof sendArgs, PayloadInvalidError.name.length > 0, handler.length);
    `);

    expect(stderr).toBe('');
    expect(stdout).toBe('function function true 2\n');
  });

  it('gives them to require, also without the extension of the file', async () => {
    const { stdout } = await run(`console.log(Object.keys(require('/opt/proxy')).sort().join())`, {
      type: 'commonjs',
    });

    expect(stdout.trim().split(',')).toEqual([
      'DeliveryFailedError',
      'ExtensionUnreachableError',
      'HandlerUnavailableError',
      'JournalUnwritableError',
      'KeyConflictError',
      'KeyInvalidError',
      'NonRetriableError',
      'PayloadInvalidError',
      'PayloadTooLargeError',
      'RetryAfterError',
      'ShuttingDownError',
      'StoreFailedError',
      'TooLateError',
      'VersionMismatchError',
      'consumer',
      'createProxy',
      'createStatus',
      'getDeadline',
      'handler',
      'isAsyncHttpError',
      'jobKey',
      'sendArgs',
      'status',
      'waitUntil',
      'withWaitUntil',
    ]);
  });

  it('is a handler that answers CUSTOM_RES, with the id of the job in a header', async () => {
    const listener = startListener();

    const { stdout } = await run(
      `import { handler } from '/opt/proxy.js'; console.log(JSON.stringify(await handler({}, ${CONTEXT})));`,
      { env: { ...listener.env, ...FUNCTION, CUSTOM_RES: '{"statusCode":202}' } },
    );

    expect(JSON.parse(stdout)).toEqual({
      statusCode: 202,
      headers: { 'async-http-job-id': 'request-1.1' },
    });
    const [announced, job, end, ...more] = listener.lines();
    expect(announced).toMatch(/^A 2 \d+\.0 sees-ends$/);
    expect(job).toMatch(/^J .* request-1\.1$/);
    expect([end, ...more]).toEqual(['E request-1']);
  });

  it('warns once, while it loads, about a CUSTOM_RES that is not the JSON it looks like', async () => {
    const { stdout, stderr } = await run(
      `import { createProxy } from '/opt/proxy.js'; createProxy(); createProxy();`,
      { env: { CUSTOM_RES: '{"statusCode":202' } },
    );

    expect(stdout).toBe('');
    expect(stderr).toMatchInlineSnapshot(`
      "CUSTOM_RES looks like JSON but cannot be parsed (Expected ',' or '}' after property value in JSON at position 17 (line 1 column 18)), so callers get it as text. Correct it if it was meant as JSON.
      "
    `);
  });

  it('shares the log and the bell with the package from npm', async () => {
    const listener = startListener();
    const npm = import.meta.resolve('@async-http/client');

    const { stdout } = await run(
      `
      import * as layer from '/opt/proxy.js';
      const client = await import(${JSON.stringify(npm)});
      const jobs = [await layer.sendArgs(1, ${CONTEXT}), await client.sendArgs(2, ${CONTEXT})];
      console.log(layer.sendArgs === client.sendArgs, ...jobs.map(({ jobId }) => jobId));
    `,
      {
        env: {
          ...listener.env,
          ...FUNCTION,
          NODE_OPTIONS: '--conditions=@async-http/source --no-warnings',
        },
      },
    );

    expect(stdout).toBe('false request-1.1 request-1.2\n');
    expect(listener.jobs().map(({ log }) => log)).toEqual([1, 1]);
    expect(listener.lines().filter((line) => line.startsWith('A '))).toHaveLength(1);
  });
});
