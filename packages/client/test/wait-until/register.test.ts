import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startListener } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../run-program.ts';

/** Lambda's own API, as far as a registration goes: its answer comes in two parts. */
async function startLambda() {
  const registered: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (!request.url?.endsWith('/register')) return;
      registered.push([request.headers['lambda-extension-name'], body]);
      response.setHeader('Lambda-Extension-Identifier', 'an-id').write('{');
      setTimeout(() => response.end('}'), 50);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const env = { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, _HANDLER: 'index.handler' };
  return { env, registered };
}

const REGISTRATION = ['async-http-client', '{"events":["INVOKE"]}'];

describe('register', () => {
  it('has been answered when require() returns', async () => {
    const { env, registered } = await startLambda();

    const { output } = await runProgram('registers.cjs', { env });

    expect(output).toBe('registered\n');
    expect(registered).toEqual([REGISTRATION]);
  });

  it('can be preloaded: NODE_OPTIONS=--import …/register', async () => {
    const { env, registered } = await startLambda();
    const NODE_OPTIONS = `--import ${import.meta.resolve('@async-http/client/register')}`;

    const { output } = await runProgram(`console.log('function'); process.exit()`, {
      env: { ...env, NODE_OPTIONS },
    });

    expect(output).toBe('function\n');
    expect(registered).toEqual([REGISTRATION]);
  });

  it('registers the function only, of all the processes that NODE_OPTIONS reaches', async () => {
    const { env, registered } = await startLambda();
    const NODE_OPTIONS = `--conditions=@async-http/source --import ${import.meta.resolve('@async-http/client/register')}`;
    const { _HANDLER, ...ofExtension } = env;

    await runProgram(`process.exit()`, { env: { ...ofExtension, NODE_OPTIONS } });
    expect(registered).toEqual([]);
    await runProgram(
      `
      import { spawnSync } from 'node:child_process';
      import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      spawnSync(process.execPath, ['-e', 'process.exit()']);
      await once(new Worker('', { eval: true }), 'exit');
      process.exit();
      `,
      { env: { ...env, NODE_OPTIONS } },
    );

    expect(registered).toEqual([REGISTRATION]);
  });

  it('does not register a wrapper script, nor what that runs before the runtime', async () => {
    const { env, registered } = await startLambda();
    const wrapped = { ...env, AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' };
    const startWith = (LAMBDA_RUNTIME_DIR: string) =>
      runProgram('registers.cjs', { env: { ...wrapped, LAMBDA_RUNTIME_DIR } });

    await startWith('/var/runtime');
    expect(registered).toEqual([]);
    await startWith(join(import.meta.dirname, '../fixtures'));

    expect(registered).toEqual([REGISTRATION]);
  });

  it('registers once, however many copies are loaded', async () => {
    const { env, registered } = await startLambda();

    await runProgram(
      `require('@async-http/client/register'); require('../src/wait-until/register-process.ts').registerProcess(process.env); process.exit()`,
      { env },
    );

    expect(registered).toHaveLength(1);
  });

  it('leaves the hold to the layer where that is there', async () => {
    const { env, registered } = await startLambda();
    const listener = startListener();

    const { output } = await runProgram('registers.cjs', { env: { ...env, ...listener.env } });

    expect(output).toBe('registered\n');
    expect(registered).toEqual([]);
  });

  it.each([
    ['outside Lambda', { AWS_LAMBDA_RUNTIME_API: '' }],
    [
      'on Managed Instances, which are not frozen',
      { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' },
    ],
  ])('does nothing %s', async (_, changes) => {
    const { env, registered } = await startLambda();

    const { output } = await runProgram('registers.cjs', { env: { ...env, ...changes } });

    expect(output).toBe('registered\n');
    expect(registered).toEqual([]);
  });

  it('reports it when Lambda refuses, and the function starts all the same', async () => {
    const env = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1', _HANDLER: 'index.handler' };

    const { output, exitCode } = await runProgram('registers.cjs', { env });

    expect(output).toContain('ASYNC_HTTP_NO_HOLD: Lambda does not accept the function process');
    expect(output).toContain('ECONNREFUSED');
    expect(output).toContain('registered\n');
    expect(exitCode).toBe(0);
  });
});
