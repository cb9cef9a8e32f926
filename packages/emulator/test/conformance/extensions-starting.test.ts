import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { stage } from '../support/puppets.ts';
import { fixture, hasNamespaces, start } from '../support/start.ts';

describe('Extensions: starting', () => {
  it('all files in /opt/extensions start before the runtime, side by side; folders do not', async () => {
    const layer = await folder({ 'extensions/folder/file': 'not an extension' });
    const { lambda, extension } = await stage({ extensions: ['first', 'second'], layers: [layer] });
    lambda.invoke({}).catch(() => {});
    const [first, second] = await Promise.all([extension('first'), extension('second')]);

    await first.register(['INVOKE']);
    // The runtime waits for both to register.
    expect(lambda.logs.some(({ source }) => source === 'function')).toBe(false);
    await second.register(['INVOKE']);

    void first.next().catch(() => {});
    void second.next().catch(() => {});
    await lambda.until(({ type }) => type === 'init.done');
  });

  it.runIf(hasNamespaces)(
    'an extension gets the customer variables and the few of the platform that it may see, where environments have their own file system',
    async () => {
      const { lambda, extension } = await stage({
        extensions: ['first'],
        environment: { CUSTOMER: 'a "quoted" $value\nof two lines', NODE_OPTIONS: '--no-warnings' },
        memoryMiB: 512,
      });
      lambda.invoke({}).catch(() => {});
      const first = await extension('first');

      const variables = await first.process.variables();

      expect(variables).toMatchObject({
        CUSTOMER: 'a "quoted" $value\nof two lines',
        NODE_OPTIONS: '--no-warnings',
        AWS_ACCESS_KEY_ID: expect.any(String),
        AWS_SECRET_ACCESS_KEY: expect.any(String),
        AWS_SESSION_TOKEN: expect.any(String),
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_LAMBDA_FUNCTION_NAME: 'function',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_RUNTIME_API: first.api,
        PATH: expect.stringMatching(/^\/var\/lang\/bin:/),
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
      });
      for (const hidden of [
        'AWS_EXECUTION_ENV',
        'AWS_LAMBDA_LOG_GROUP_NAME',
        'AWS_LAMBDA_LOG_STREAM_NAME',
        'AWS_XRAY_CONTEXT_MISSING',
        'AWS_XRAY_DAEMON_ADDRESS',
        'LAMBDA_RUNTIME_DIR',
        'LAMBDA_TASK_ROOT',
        '_AWS_XRAY_DAEMON_ADDRESS',
        '_AWS_XRAY_DAEMON_PORT',
        '_HANDLER',
        'NODE_PATH',
        'HOME',
      ]) {
        expect(variables).not.toHaveProperty(hidden);
      }
    },
  );

  it.each([
    ['no execute permission', { content: '#!/bin/sh\n', mode: 0o644 }, 'broken: PermissionDenied'],
    [
      'a missing interpreter',
      { content: '#!/opt/no/such/interpreter\n', mode: 0o755 },
      'broken: no such file or directory',
    ],
    [
      'a format that the system cannot execute',
      { content: 'echo no shell tries this\n', mode: 0o755 },
      'broken: exec format error',
    ],
  ])('%s fails the launch: Extension.LaunchError', async (_, file, message) => {
    const lambda = await start({ layers: [await folder({ 'extensions/broken': file })] });

    const result = await lambda.invoke({});

    expect(JSON.parse(result.payload.toString())).toEqual({
      errorType: 'Extension.LaunchError',
      errorMessage: `RequestId: ${result.requestId} Error: ${message}`,
    });
    await lambda.line(/^INIT_REPORT .*\tStatus: error\tError Type: Extension\.LaunchError$/);
  });

  it('more than 10 extensions fail INIT', async () => {
    const files = Array.from({ length: 11 }, (_, index) => [`extensions/e${index}`, '#!/bin/sh\n']);
    const lambda = await start({ layers: [await folder(Object.fromEntries(files))] });

    const result = await lambda.invoke({});

    expect(result.functionError).toBe('Unhandled');
    expect(result.payload.toString()).toContain('TooManyExtensions');
  });

  it('an extension that ends during INIT: Extension.Crash, tried again by the invoke', async () => {
    const layer = await folder({ 'extensions/ends': '#!/bin/sh\nexit 5\n' });
    const lambda = await start({ layers: [layer] });

    const result = await lambda.invoke({});

    expect(JSON.parse(result.payload.toString())).toEqual({
      errorType: 'Extension.Crash',
      errorMessage: `RequestId: ${result.requestId} Error: exit status 5`,
    });
    await lambda.line(
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Extension\.Crash$/,
    );
    const starts = lambda.timeline.filter(({ type }) => type === 'environment.starting');
    expect(starts).toMatchObject([{ cause: 'request' }, { cause: 'reset' }]);
  });

  it('lines of the platform about extensions, and their own lines, are in the log', async () => {
    const lambda = await start({ layers: [fixture('layers/third-party')] });
    await lambda.invoke({});
    await lambda.idle();

    const lines = lambda.logs.map(({ source, line }) => `${source}: ${line}`);

    expect(lines).toContain(
      'platform: TELEMETRY\tName: tail-worker\tState: Subscribed\tTypes: [Platform]',
    );
    expect(lines).toContain(
      'platform: EXTENSION\tName: tail-worker\tState: Ready\tEvents: [INVOKE, SHUTDOWN]',
    );
    expect(lines.join('\n')).toMatch(/^extension: tail-worker works for /m);
  });
});
