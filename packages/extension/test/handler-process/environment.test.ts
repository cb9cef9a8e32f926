import { describe, expect, it } from 'vitest';
import {
  handlerEnvironment,
  runtimeNodeArguments,
} from '../../src/handler-process/handler-process.ts';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { EVERY_NODE_PROGRAM } from '../fixtures/node-programs.ts';

const environmentOf = (extensionEnv: NodeJS.ProcessEnv) =>
  handlerEnvironment({ extensionEnv, functionHandler: 'src/index.handler', nodeMajor: 24 });

describe('the environment of the handler process', () => {
  it('has what a runtime has and an extension has not', () => {
    expect(environmentOf({ AWS_REGION: 'eu-central-1' })).toEqual({
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'eu-central-1',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: '/var/task',
      LANG: 'en_US.UTF-8',
      LD_LIBRARY_PATH:
        '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
      NODE_PATH:
        '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task',
      PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
      TZ: ':UTC',
      _ASYNC_HTTP_HANDLER_PROCESS: '1',
      _HANDLER: 'src/index.handler',
    });
  });

  it('keeps what the function sets itself', () => {
    expect(environmentOf({ NODE_PATH: '/opt/own', TZ: 'Europe/Berlin' })).toMatchObject({
      NODE_PATH: '/opt/own',
      TZ: 'Europe/Berlin',
    });
  });

  it("gets back the function's NODE_OPTIONS, which the extension runs without", () => {
    const environment = environmentOf({ _ASYNC_HTTP_NODE_OPTIONS: '--require agent' });

    expect(environment).toMatchObject({ NODE_OPTIONS: '--require agent' });
    expect(environment).not.toHaveProperty('_ASYNC_HTTP_NODE_OPTIONS');
  });
});

describe('the Node.js flags of the handler process', () => {
  it('are those of the runtime on Node.js 24', () => {
    expect(runtimeNodeArguments({ memoryMiB: 1024, nodeMajor: 24 })).toEqual([
      '--expose-gc',
      '--max-http-header-size=81920',
      '--max-semi-space-size=51',
      '--max-old-space-size=921',
    ]);
  });

  it('turn off on Node.js 22 what Lambda turns off there', () => {
    expect(runtimeNodeArguments({ memoryMiB: 1024, nodeMajor: 22 })).toEqual(
      expect.arrayContaining([
        '--no-experimental-require-module',
        '--no-experimental-detect-module',
      ]),
    );
  });

  it('leave to the user what NODE_OPTIONS name', () => {
    const nodeOptions =
      '--enable-source-maps --experimental-require-module --max_old_space_size=300';

    expect(runtimeNodeArguments({ memoryMiB: 1024, nodeMajor: 22, nodeOptions })).toEqual([
      '--expose-gc',
      '--max-http-header-size=81920',
      '--max-semi-space-size=51',
      '--no-experimental-detect-module',
    ]);
  });
});

describe.each(EVERY_NODE_PROGRAM)('user code on Node.js $major', (node) => {
  it('finds itself in what looks like a runtime', async () => {
    const handlers = handlerProcess('shows-runtime.handler', { node });
    const outcome = await handlers.run(attempt({}));

    expect(outcome.status === 'succeeded' && JSON.parse(String(outcome.result))).toEqual({
      cwd: expect.stringMatching(/fixtures\/handlers$/),
      execArgv: expect.arrayContaining(['--expose-gc']),
      handler: 'index.handler',
      taskRoot: expect.stringMatching(/fixtures\/handlers$/),
      canCollectGarbage: true,
      awslambda: ['HttpResponseStream', 'InvokeStore', 'streamifyResponse'],
    });
  });
});
