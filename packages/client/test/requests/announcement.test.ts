import { startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../run-program.ts';

const FUNCTION = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'index.handler' };

/** As version 4 of the runtime client begins, before it loads the function. */
const RUNTIME = `
  const store = { getRequestId: () => '-', run: (_context, fn) => fn() };
  globalThis.awslambda = { InvokeStore: store };
  const invoke = (id, fn) => store.run({ [Symbol.for('_AWS_LAMBDA_REQUEST_ID')]: id }, fn);
`;
const IMPORT = `await import('@async-http/client');`;

/** What a process with this program and these variables rings; instances are left out. */
async function rungBy(program: string, env: Record<string, string> = {}, nodeArguments?: string[]) {
  const listener = startListener();
  const { output, exitCode } = await runProgram(program, {
    env: { ...listener.env, ...FUNCTION, ...env },
    ...(nodeArguments && { nodeArguments }),
  });
  expect({ output, exitCode }).toEqual({ output: '', exitCode: 0 });
  return listener.lines().map((line) => line.replace(/ \d+\.\d+ /, ' '));
}

const WATCHED = 'A 2 sees-ends';

describe('a function', () => {
  it('is announced once, while it loads', async () => {
    expect(await rungBy(`${RUNTIME} ${IMPORT} ${IMPORT}`)).toEqual([WATCHED]);
  });

  it('rings the end of each request, also of one whose id comes again', async () => {
    const program = `${RUNTIME} ${IMPORT} for (const id of ['r1', 'r2', 'r2']) await invoke(id, async () => {});`;

    expect(await rungBy(program)).toEqual([WATCHED, 'E r1', 'E r2', 'E r2']);
  });

  it('is not announced when its runtime shows nothing: then the extension watches it', async () => {
    expect(await rungBy(IMPORT)).toEqual([]);
  });

  it('is announced by a handler of the layer in any runtime, which reports its ends itself', async () => {
    expect(await rungBy(IMPORT, { _HANDLER: '/opt/proxy.handler' })).toEqual([WATCHED]);
  });

  it('rings no end that is not a word', async () => {
    const program = `${RUNTIME} ${IMPORT} await invoke('r 1', async () => {}); await invoke('', async () => {});`;

    expect(await rungBy(program)).toEqual([WATCHED]);
  });
});

describe('what is not the function rings nothing when it loads the client', () => {
  it.each([
    ['the handler process of the extension', { _ASYNC_HTTP_HANDLER_PROCESS: '1' }],
    ['a process outside Lambda', { AWS_LAMBDA_RUNTIME_API: '' }],
    ['a child process of the function', { _ASYNC_HTTP_RUNTIME: '1' }],
  ])('%s', async (_, env) => {
    const program = `${RUNTIME} ${IMPORT} await invoke('r1', async () => {});`;

    expect(await rungBy(program, env)).toEqual([]);
  });

  it('another extension, which has no handler', async () => {
    const listener = startListener();
    const { AWS_LAMBDA_RUNTIME_API } = FUNCTION;

    await runProgram(`${RUNTIME} ${IMPORT}`, { env: { ...listener.env, AWS_LAMBDA_RUNTIME_API } });

    expect(listener.lines()).toEqual([]);
  });

  it('a handler that is wrapped, when it runs as a background handler', async () => {
    const program = `
      const { withWaitUntil } = await import('@async-http/client');
      await withWaitUntil(async () => {})({}, { awsRequestId: 'r1' });
      await new Promise((resolve) => setTimeout(resolve, 50));
    `;

    expect(await rungBy(program, { _ASYNC_HTTP_HANDLER_PROCESS: '1' })).toEqual([]);
  });
});
