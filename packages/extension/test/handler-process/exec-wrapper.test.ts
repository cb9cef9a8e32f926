import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { execWrapper } from '../../src/handler-process/exec-wrapper.ts';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

/** A layer with a wrapper script, which finds `$folder` in it, and a module that it may have loaded first. */
async function layer(
  script: string,
  { mode = 0o755, agent = "globalThis.agent = 'loaded';" } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const wrapper = join(folder, 'wrapper');
  await writeFile(join(folder, 'agent.cjs'), agent);
  await writeFile(wrapper, `#!/bin/bash\nfolder=${folder}\n${script}\n`);
  await chmod(wrapper, mode);
  return { folder, wrapper };
}

const TRACER = 'export NODE_OPTIONS="$NODE_OPTIONS --require $folder/agent.cjs"; exec "$@"';

describe.each(NODE_PROGRAMS)('AWS_LAMBDA_EXEC_WRAPPER on Node.js $major', (node) => {
  it.each([
    ['', ''],
    ['--stack-trace-limit=20', '--stack-trace-limit=20'],
  ])('adds to NODE_OPTIONS "%s" what the handler is started with', async (given, before) => {
    const { folder, wrapper } = await layer(TRACER);
    const handlers = handlerProcess('shows-agent.handler', {
      node,
      env: { AWS_LAMBDA_EXEC_WRAPPER: wrapper, ...(given && { _ASYNC_HTTP_NODE_OPTIONS: given }) },
    });

    const { result = '' } = (await handlers.run(attempt({}))) as { result?: string };

    expect(JSON.parse(result)).toEqual({
      agent: 'loaded',
      NODE_OPTIONS: `${before} --require ${folder}/agent.cjs`,
    });
    expect(handlers.logged).toEqual([]);
  });

  it('may stay the parent of the handler process, which ends with it', async () => {
    const { wrapper } = await layer('"$@"');
    const handlers = handlerProcess('mixed.handler', {
      node,
      env: { AWS_LAMBDA_EXEC_WRAPPER: wrapper },
    });
    const job = attempt({ do: 'never-settle' });
    const result = handlers.run(job);
    await handlers.ready();

    await handlers.kill(job.jobId);

    expect(await result).toMatchObject({ status: 'failed', errorType: 'Sandbox.Timedout' });
  });

  it.each([
    ['ends at once', 'exit 7', {}, /exit status 7/],
    ['is not executable', 'exec "$@"', { mode: 0o644 }, /EACCES|no process came of/],
    ['adds a module that fails', TRACER, { agent: "throw new Error('bad agent')" }, /bad agent/],
  ])('that %s costs a line, and no job', async (_, script, options, reason) => {
    const { wrapper } = await layer(script, options);
    const handlers = handlerProcess('echoes.handler', {
      node,
      env: { AWS_LAMBDA_EXEC_WRAPPER: wrapper },
    });

    await handlers.ready();

    expect(await handlers.run(attempt({}))).toMatchObject({ status: 'succeeded' });
    const [line, ...more] = handlers.logged;
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'warn', message: expect.stringContaining(wrapper) });
    expect(JSON.stringify(line)).toMatch(reason);
  });

  it('that is not there costs no job that waits for it', async () => {
    const env = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/no-such-wrapper' };
    const handlers = handlerProcess('echoes.handler', { node, env });

    expect(await handlers.run(attempt({}))).toMatchObject({ status: 'succeeded' });
    expect(handlers.logged).toMatchObject([{ level: 'warn' }]);
  });

  it('that starts something else is given up when the handler had the time to load', async () => {
    const { wrapper } = await layer('exec sleep 60');
    const handlers = handlerProcess('echoes.handler', {
      node,
      env: { AWS_LAMBDA_EXEC_WRAPPER: wrapper },
      loadTimeoutMs: 8_000,
    });

    expect(await handlers.run(attempt({}))).toMatchObject({ status: 'succeeded' });
    expect(handlers.logged).toMatchObject([
      { level: 'warn', message: expect.stringContaining('within 8000 ms') },
    ]);
  });

  it('does not hide why a handler cannot be loaded', async () => {
    const { wrapper } = await layer(TRACER);
    const handlers = handlerProcess('throws-while-loading.handler', {
      node,
      env: { AWS_LAMBDA_EXEC_WRAPPER: wrapper },
    });

    await expect(handlers.ready()).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    });
    expect(handlers.logged).toMatchObject([{ level: 'error' }]);
  });
});

it.each([[undefined], [''], ['/opt/bootstrap']])('%j is not a wrapper of Node.js', (path) => {
  expect(execWrapper({ AWS_LAMBDA_EXEC_WRAPPER: path })).toBeUndefined();
});
