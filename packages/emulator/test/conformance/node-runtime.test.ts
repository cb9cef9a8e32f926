import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { fixture, hasNamespaces, runtimes, start } from '../support/start.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());
const outcomes = { code: fixture('functions/outcomes') };
const major = (runtime: string) => runtime.replace(/\D/g, '');

describe.each(runtimes)('Node.js runtime: process (%s)', (runtime) => {
  it('variables, version and flags are those of the managed runtime (localstack@8b9a79f, test_introspection_invoke, recorded 2026-01-12)', async () => {
    const lambda = await start({
      ...outcomes,
      runtime,
      memoryMiB: 512,
      environment: { CUSTOMER: 'value', LANG: 'C' },
    });

    const { variables, execArgv, version } = parse(
      await lambda.invoke({ outcome: 'process' }, { traceId: 'Root=1-2-3' }),
    );

    expect(variables).toMatchObject({
      CUSTOMER: 'value',
      LANG: 'C',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-2-3',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(
        /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
      ),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
      AWS_SESSION_TOKEN: expect.any(String),
      SHLVL: '0',
    });
    expect(variables).not.toHaveProperty('AWS_LAMBDA_MAX_CONCURRENCY');
    expect(variables).not.toHaveProperty('NODE_OPTIONS');
    expect(variables).not.toHaveProperty('HOME');
    expect(version).toMatch(new RegExp(`^v${major(runtime)}\\.`));
    expect(execArgv).toEqual(
      expect.arrayContaining([
        '--expose-gc',
        '--max-http-header-size=81920',
        '--max-semi-space-size=25',
        '--max-old-space-size=460',
      ]),
    );
  });

  it('serves a function that replaces the global Buffer, as browser polyfills do', async () => {
    const lambda = await start({
      ...outcomes,
      runtime,
      inlineCode: `
        globalThis.Buffer = new Proxy(Buffer, { get: (all, name) => name === 'concat' ? () => {} : all[name] });
        exports.handler = async () => 'served';
      `,
    });

    expect(parse(await lambda.invoke({}))).toBe('served');
  });

  it.runIf(hasNamespaces)(
    'folders and program are those of the managed runtime, where environments have their own file system (localstack@8b9a79f, test_introspection_invoke, recorded 2026-01-12)',
    async () => {
      const lambda = await start({ ...outcomes, runtime });

      const { variables, folder, execPath } = parse(await lambda.invoke({ outcome: 'process' }));

      expect(variables).toMatchObject({
        LAMBDA_TASK_ROOT: '/var/task',
        LAMBDA_RUNTIME_DIR: '/var/runtime',
        NODE_PATH:
          `/opt/nodejs/node${major(runtime)}/node_modules:/opt/nodejs/node_modules:` +
          '/var/runtime/node_modules:/var/runtime:/var/task',
        PATH: expect.stringMatching(/^\/var\/lang\/bin:/),
        PWD: '/var/task',
      });
      expect(folder).toBe('/var/task');
      expect(execPath).toBe('/var/lang/bin/node');
    },
  );

  it('the context is that of the invoke', async () => {
    const lambda = await start({ ...outcomes, runtime, timeoutMs: 8_000 });

    const result = await lambda.invoke(
      { outcome: 'context' },
      { clientContext: { custom: 'ö→' }, tenantId: 'blue' },
    );

    expect(parse(result)).toMatchObject({
      awsRequestId: result.requestId,
      functionName: 'function',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/function',
      clientContext: { custom: 'ö→' },
      tenantId: 'blue',
    });
    expect(parse(result).remainingMs).toBeGreaterThan(0);
    expect(parse(result).remainingMs).toBeLessThanOrEqual(8_000);
  });

  it('events and results of several megabytes and many bytes per character arrive unchanged', async () => {
    const lambda = await start({ ...outcomes, runtime, memoryMiB: 512 });
    const value = '→ä😀'.repeat(500_000);

    expect(parse(await lambda.invoke({ outcome: 'echo', value }))).toBe(value);
  });

  it.each(['an ellipsis …', 'an emoji 😀', 'Chinese 漢字, Japanese かな', 'umlauts äöü'])(
    'an error and a response with %s reach the caller at once',
    async (text) => {
      const lambda = await start({ ...outcomes, runtime });

      const error = await lambda.invoke({ outcome: 'throw message', message: text });
      const response = await lambda.invoke({ outcome: 'echo', value: text });

      expect(error.functionError).toBe('Unhandled');
      expect(parse(error)).toMatchObject({ errorType: 'Error', errorMessage: text });
      expect(parse(response)).toBe(text);
      expect(lambda.story()).not.toContain('timeout');
    },
  );

  it('an error message of 100,000 characters reaches the caller', async () => {
    const lambda = await start({ ...outcomes, runtime });
    const message = '…'.repeat(100_000);

    const error = await lambda.invoke({ outcome: 'throw message', message });

    expect(parse(error).errorMessage).toBe(message);
  });

  it('an answer that cannot be posted leaves a line in the log', async () => {
    const code = await folder({
      'index.mjs': `
        import { createRequire } from 'node:module';
        const client = createRequire(process.env.LAMBDA_RUNTIME_DIR + '/')('./rapid-client.cjs');
        export const handler = async () => {
          client.done('not the id of a request', '"x"');
          return 'goes on';
        };`,
    });
    const lambda = await start({ code, runtime });

    expect(parse(await lambda.invoke({}))).toBe('goes on');
    await lambda.line(/^The runtime could not post its response: /);
  });

  it('console lines have the request id and level, and newlines inside become carriage returns', async () => {
    const code = await folder({
      'index.cjs': "exports.handler = async () => console.warn('two\\nlines');",
    });
    const lambda = await start({ code, runtime });

    const { requestId } = await lambda.invoke({});

    await lambda.line(new RegExp(`^\\d{4}-.*Z\\t${requestId}\\tWARN\\ttwo\\rlines$`));
  });

  it('response streaming: the HTTP prelude, then the body', async () => {
    const lambda = await start({ code: fixture('functions/streaming'), runtime });

    const { payload, contentType, streaming } = await lambda.invoke({});

    expect(streaming).toBe(true);
    expect(contentType).toBe('application/vnd.awslambda.http-integration-response');
    expect(payload.toString()).toBe(`{"statusCode":201}${'\0'.repeat(8)}first second`);
  });

  it('response streaming: an error behind the first byte', async () => {
    const lambda = await start({ code: fixture('functions/streaming'), runtime });

    const { payload, functionError } = await lambda.invoke({ fail: true });

    expect(functionError).toBe('Unhandled');
    expect(payload.toString()).toContain('first ');
    await lambda.idle();
    expect((await lambda.invoke({})).functionError).toBeUndefined();
  });

  it('the event loop is free while the process waits, and code behind the response runs until the freeze', async () => {
    const code = await folder({
      'index.mjs': `
        let ran = 0;
        export const handler = async () => {
          const before = ran;
          setTimeout(() => ran++, 20);
          return before;
        };`,
    });
    const lambda = await start({
      code,
      runtime,
      layers: [fixture('layers/third-party')],
      environment: { WORK_MS: '200' },
    });
    await lambda.invoke({});
    await lambda.idle();

    expect(parse(await lambda.invoke({}))).toBe(1);
  });
});

describe.each(runtimes)('Node.js runtime: handlers (%s)', (runtime) => {
  it.each([
    ['missing.handler', 'Runtime.ImportModuleError'],
    ['index.missing', 'Runtime.HandlerNotFound'],
    ['index.number', 'Runtime.HandlerNotFound'],
    ['../index.handler', 'Runtime.MalformedHandlerName'],
    ['syntax.handler', 'Runtime.UserCodeSyntaxError'],
  ])('%s: %s, at INIT and again at the invoke', async (handler, errorType) => {
    const code = await folder({
      'index.js': 'exports.handler = async () => 1; exports.number = 1;',
      'syntax.js': 'exports.handler = async () => {',
      'package.json': '{"type":"commonjs"}',
    });
    const lambda = await start({ code, handler, runtime });

    const result = await lambda.invoke({});

    expect(result.functionError).toBe('Unhandled');
    expect(parse(result)).toMatchObject({ errorType });
    expect(lambda.timeline.filter(({ type }) => type === 'init.failed')).toHaveLength(2);
    await lambda.line(
      new RegExp(
        `^INIT_REPORT .*\\tPhase: init\\tStatus: error\\tError Type: ${errorType.replace('.', '\\.')}$`,
      ),
    );
  });

  it('an absolute path leads into a layer', async () => {
    const layer = await folder({ 'shared.js': 'exports.handler = async () => "of the layer";' });
    const lambda = await start({ handler: '/opt/shared.handler', layers: [layer], runtime });

    expect(parse(await lambda.invoke({}))).toBe('of the layer');
  });

  it('packages of layers: require and import find them through NODE_PATH', async () => {
    const layer = await folder({
      'nodejs/node_modules/both/package.json': JSON.stringify({
        name: 'both',
        exports: { import: './index.mjs', require: './index.cjs' },
      }),
      'nodejs/node_modules/both/index.mjs': 'export const how = "imported";',
      'nodejs/node_modules/both/index.cjs': 'exports.how = "required";',
      [`nodejs/node${major(runtime)}/node_modules/versioned/index.js`]: 'exports.version = 1;',
    });
    const code = await folder({
      'index.mjs': `
        import { how } from 'both';
        import versioned from 'versioned';
        import { createRequire } from 'node:module';
        const required = createRequire(import.meta.url)('both').how;
        export const handler = async () => ({ how, required, ...versioned });`,
    });
    const lambda = await start({ code, layers: [layer], runtime });

    expect(parse(await lambda.invoke({}))).toEqual({
      how: 'imported',
      required: 'required',
      version: 1,
    });
  });

  it("the function's own package wins over the layer's; what is nowhere is not found", async () => {
    const layer = await folder({ 'nodejs/node_modules/twice/index.js': 'exports.from = "layer";' });
    const code = await folder({
      'node_modules/twice/index.js': 'exports.from = "function";',
      'index.mjs': `
        import twice from 'twice';
        export const handler = async () => {
          const missing = await import('nowhere').catch((error) => error.code);
          return { ...twice, missing };
        };`,
    });
    const lambda = await start({ code, layers: [layer], runtime });

    expect(parse(await lambda.invoke({}))).toEqual({
      from: 'function',
      missing: 'ERR_MODULE_NOT_FOUND',
    });
  });

  it('AWS_LAMBDA_EXEC_WRAPPER gets the program and its arguments', async () => {
    const layer = await folder({
      wrapper: '#!/bin/sh\nexport FROM_WRAPPER="$1 of $#"\nexec "$@"\n',
    });
    const lambda = await start({
      ...outcomes,
      layers: [layer],
      runtime,
      environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' },
    });

    const { variables } = parse(await lambda.invoke({ outcome: 'process' }));

    expect(variables.FROM_WRAPPER).toMatch(
      hasNamespaces ? /^\/var\/lang\/bin\/node of \d+$/ : /\/bin\/node of \d+$/,
    );
  });

  it.each([
    ['is missing', '/opt/no-such-wrapper', 127],
    ['is not executable', '/opt/wrapper.txt', 126],
  ])(
    'a wrapper that %s ends the runtime with %s → exit status %i (localstack@8b9a79f, TestLambdaErrors, recorded 2025-11-24)',
    async (_, wrapper, status) => {
      const layer = await folder({ 'wrapper.txt': 'exit 1' });
      const environment = { AWS_LAMBDA_EXEC_WRAPPER: wrapper };
      const lambda = await start({ ...outcomes, layers: [layer], runtime, environment });

      expect(parse(await lambda.invoke({})).errorMessage).toMatch(
        new RegExp(`Runtime exited with error: exit status ${status}$`),
      );
    },
  );
});

it('Node.js runtime: JSON logs start at INFO (localstack@8b9a79f, TestLoggingConfig, recorded 2025-11-25)', async () => {
  const code = await folder({
    'index.mjs': `
      export const handler = async () => {
        console.debug('too low');
        console.info('high enough');
      };`,
  });
  const lambda = await start({ code, environment: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });

  await lambda.invoke({});
  await lambda.line(/high enough/);

  expect(lambda.logs.map(({ line }) => line).join('\n')).not.toContain('too low');
});

describe('Node.js runtime: nodejs22.x', () => {
  it('switches off require(esm) and syntax detection unless NODE_OPTIONS switch them on', async () => {
    const code = await folder({
      'esm.mjs': 'export const value = 1;',
      'index.cjs': `
        exports.handler = async () => {
          try { return require('./esm.mjs').value; } catch (error) { return error.code; }
        };`,
    });
    const runtime = 'nodejs22.x';
    const plain = await start({ code, runtime });
    const environment = { NODE_OPTIONS: '--experimental-require-module' };
    const switched = await start({ code, runtime, environment });

    expect(parse(await plain.invoke({}))).toBe('ERR_REQUIRE_ESM');
    expect(parse(await switched.invoke({}))).toBe(1);
  });
});
