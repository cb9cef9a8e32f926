import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../run-program.ts';

const CONTEXT = `{
  awsRequestId: 'r1', functionName: 'f', invokedFunctionArn: 'arn:aws:lambda:::function:f',
  getRemainingTimeInMillis: () => 3000,
}`;

/** In a function: whoever hands off there is the function's own process. */
const FUNCTION = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'index.handler' };

/** Another copy of the package, as the layer and npm bring one each. */
function copyPackage(folder: string): string {
  const copy = join(folder, 'copy');
  cpSync(join(import.meta.dirname, '../../src'), join(copy, 'src'), { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
  return join(copy, 'src/index.ts');
}

/** Where the environment's clients have handed off, by log and instance. */
function instancesOf(lines: string[]): string[] {
  return lines.filter((line) => line.startsWith('J ')).map((line) => line.split(' ')[4] ?? '');
}

describe('two copies of the package in one thread', () => {
  it('share the bell, the log and the numbers of jobs', async () => {
    const listener = startListener();

    const copy = copyPackage(listener.base);

    const { output } = await runProgram(
      `
      import { sendArgs } from '@async-http/client';
      import * as copy from '${copy}';
      console.log(sendArgs === copy.sendArgs, (await sendArgs(1, ${CONTEXT})).jobId, (await copy.sendArgs(2, ${CONTEXT})).jobId);
      `,
      { env: { ...listener.env, ...FUNCTION } },
    );

    expect(output).toBe('false r1.1 r1.2\n');
    expect(listener.jobs().map(({ log, event }) => [log, event])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(listener.lines().filter((line) => line.startsWith('A '))).toHaveLength(1);
  });
});

describe('two copies without an extension', () => {
  it('both refuse with the code', async () => {
    const listener = startListener();
    const copy = copyPackage(listener.base);
    listener.close();

    const { output } = await runProgram(
      `
      import { sendArgs } from '@async-http/client';
      import * as copy from '${copy}';
      for (const send of [sendArgs, copy.sendArgs]) await send(1, ${CONTEXT}).catch(({ code }) => console.log(code));
      `,
      { env: { ...listener.env, ...FUNCTION } },
    );

    expect(output).toBe('ASYNC_HTTP_EXTENSION_UNREACHABLE\n'.repeat(2));
  });
});

describe('a worker thread', () => {
  it('hands off as a separate instance with its own log', async () => {
    const listener = startListener();

    const { output } = await runProgram(
      `
      import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      import { sendArgs } from '@async-http/client';
      await sendArgs('function', ${CONTEXT});
      const program = "import { sendArgs } from '@async-http/client'; await sendArgs('thread', ${CONTEXT.replaceAll('\n', ' ')});";
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(program.replace('@async-http/client', import.meta.resolve('@async-http/client')))));
      const [code] = await once(worker, 'exit');
      console.log(code);
      `,
      { env: { ...listener.env, ...FUNCTION } },
    );

    expect(output).toBe('0\n');
    expect(listener.jobs().map(({ log, event }) => [log, event])).toEqual([
      [1, 'function'],
      [2, 'thread'],
    ]);
    const [ofFunction, ofThread] = instancesOf(listener.lines());
    expect(ofFunction).toMatch(/^\d+\.0$/);
    expect(ofThread).toMatch(new RegExp(`^${ofFunction?.split('.')[0]}\\.[1-9]\\d*$`));
  });
});

describe('a child process', () => {
  it('hands off as a separate instance with its own log, and does not say that it sees ends', async () => {
    const listener = startListener();

    const { output } = await runProgram(
      `
      import { spawnSync } from 'node:child_process';
      import { sendArgs } from '@async-http/client';
      await sendArgs('function', ${CONTEXT});
      spawnSync(process.execPath, ${JSON.stringify([
        '--conditions=@async-http/source',
        '--no-warnings',
        '--input-type=module',
        '-e',
        `import { sendArgs } from '@async-http/client'; await sendArgs('child', ${CONTEXT});`,
      ])}, { stdio: 'inherit' });
      `,
      { env: { ...listener.env, ...FUNCTION, _HANDLER: '/opt/proxy.handler' } },
    );

    expect(output).toBe('');
    expect(listener.jobs().map(({ log, event }) => [log, event])).toEqual([
      [1, 'function'],
      [2, 'child'],
    ]);
    const [ofFunction, ofChild] = instancesOf(listener.lines());
    expect(ofChild).not.toBe(ofFunction);
    expect(new Set(listener.jobs().map(({ jobId }) => jobId)).size).toBe(2);
    const announcements = listener.lines().filter((line) => line.startsWith('A '));
    expect(announcements).toEqual([`A 2 ${ofFunction} sees-ends`, `A 2 ${ofChild} -`]);
  });
});

describe('outside Lambda', () => {
  it('nothing is rung when the package is imported', async () => {
    const listener = startListener();

    await runProgram(`import '@async-http/client';`, { env: listener.env });

    expect(listener.lines()).toEqual([]);
  });
});

describe('what is wrong with the variables', () => {
  const BAD = { ASYNC_HTTP_MAX_RETRY_ATTEMPTS: 'often', ASYNC_HTTP_METRICS: 'true' };
  const programWith = (copy: string) => `
    import { sendArgs } from '@async-http/client';
    import * as copy from '${copy}';
    for (const send of [sendArgs, copy.sendArgs]) await send({}, ${CONTEXT}).catch(({ code }) => console.log(code));
  `;

  it('is said once while the function starts, however many copies there are, and fails nothing', async () => {
    const listener = startListener();

    const { output, exitCode } = await runProgram(programWith(copyPackage(listener.base)), {
      env: { ...listener.env, ...FUNCTION, ...BAD },
    });

    expect(exitCode).toBe(0);
    expect(output).toMatchInlineSnapshot(`
      "[async-http] ASYNC_HTTP_METRICS must be "emf", or not set for no metrics; it is "true", so no metrics are written
      [async-http] ASYNC_HTTP_MAX_RETRY_ATTEMPTS must be a whole number from 0 to 10. Until this is fixed, every hand-off is refused.
      ASYNC_HTTP_HANDLER_UNAVAILABLE
      ASYNC_HTTP_HANDLER_UNAVAILABLE
      "
    `);
  });

  it('is a missing handler only when something is handed off: a function with waitUntil needs none', async () => {
    const listener = startListener();
    const env = { ...listener.env, ...FUNCTION, ASYNC_HANDLER: 'missing.handler' };

    const imported = await runProgram(`import '@async-http/client';`, { env });
    const handedOff = await runProgram(programWith(copyPackage(listener.base)), { env });

    expect(imported.output).toBe('');
    expect(handedOff.output.match(/but there is no/g)).toHaveLength(1);
  });

  it('is said at once by the proxy of the layer, which is there to hand off', async () => {
    const listener = startListener();
    const env = {
      ...listener.env,
      ...FUNCTION,
      _HANDLER: '/opt/proxy.handler',
      ASYNC_HANDLER: 'missing.handler',
    };

    const { output } = await runProgram(`import '@async-http/client';`, { env });

    expect(output).toMatch(/^\[async-http\] ASYNC_HANDLER is "missing.handler", but there is no/);
  });
});
