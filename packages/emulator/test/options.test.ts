import { describe, expect, it } from 'vitest';
import { folder } from './support/layer.ts';
import { firstLogs, start } from './support/start.ts';

describe('startLambda', () => {
  it('names every option that Lambda would refuse, at once', async () => {
    const refused = start({
      handler: '',
      runtime: 'nodejs18.x' as never,
      layers: ['1', '2', '3', '4', '5', '6'],
      timeoutMs: 900_001,
      memoryMiB: 64,
      cpuCores: 0.01,
      name: 'a b',
      environment: { AWS_REGION: 'eu-west-1', '1x': 'y', x: 'short' },
    });

    await expect(refused).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_OPTION_INVALID' });
    await expect(refused).rejects.toThrowErrorMatchingInlineSnapshot(`
      [OptionInvalidError: The function cannot be started, its options are not valid:
      - \`handler\` must look like "path/to/module.export"
      - \`runtime\` must be one of nodejs22.x, nodejs24.x, nodejs26.x
      - \`layers\` may name at most 5 layers
      - \`timeoutMs\` must be from 1 to 900000
      - \`memoryMiB\` must be from 128 to 32768
      - \`cpuCores\` must be at least 0.05, or "as-lambda"
      - \`name\` must be 1 to 64 letters, digits, "-" or "_"
      - the environment variable AWS_REGION is reserved, Lambda sets it
      - the environment variable "1x" must start with a letter and consist of at least two letters, digits or "_"
      - the environment variable "x" must start with a letter and consist of at least two letters, digits or "_"
      Nothing was started. Correct the options of startLambda().]
    `);
  });

  it('refuses more than 4 KB of environment variables', async () => {
    await expect(start({ environment: { BIG: 'x'.repeat(4_096) } })).rejects.toMatchObject({
      problems: ['the environment variables together must not exceed 4 KB'],
    });
  });

  it('says which folder of code is missing', async () => {
    await expect(start({ code: '/no/such/code' })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_CODE_MISSING',
      message:
        'There is no folder /no/such/code, so the function has no code and was not started. ' +
        'Set `code` to the folder that contains the handler (build it first, if it is built).',
    });
  });

  it('says that the Node.js program does not run', async () => {
    await expect(start({ nodePath: '/no/such/node' })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_NODE_UNUSABLE',
    });
  });

  it('says that the Node.js program is too old', async () => {
    const old = await folder({ node: '#!/bin/sh\necho /usr/bin/node\necho v20.20.2\n' });

    await expect(start({ nodePath: `${old}/node` })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_NODE_UNUSABLE',
      message: expect.stringContaining('is version v20.20.2'),
    });
  });
});

describe('invoke', () => {
  it('rejects an event that is not JSON', async () => {
    const lambda = await start();

    await expect(lambda.invoke({ big: 1n })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_EVENT_INVALID',
    });
    expect(lambda.timeline).toEqual(firstLogs);
  });

  it('answers 413 to an event of more than 6 MiB', async () => {
    const lambda = await start();

    expect(await lambda.invoke('x'.repeat(6 * 1024 * 1024))).toMatchObject({ statusCode: 413 });
  });

  it('an aborted caller goes away; the function runs on', async () => {
    const lambda = await start();
    const abort = new AbortController();
    const result = lambda.invoke({}, { signal: abort.signal });

    abort.abort(new Error('gone'));

    await expect(result).rejects.toThrow('gone');
    await lambda.until(({ type }) => type === 'response');
  });
});
