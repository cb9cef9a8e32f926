import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { createClient, type Environment } from '../../src/index.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:failed';
const CONTEXT_DATA = {
  awsRequestId: '8f507cfc-example-request',
  functionName: 'checkout',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
  memoryLimitInMB: '512',
  logGroupName: '/aws/lambda/checkout',
  logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
};

/** A client whose extension listens, in a function with these variables. */
function startClient(variables: Environment = {}) {
  const listener = startListener();
  return { listener, client: createClient({ ...listener.env, ...variables }) };
}

describe('a hand-off', () => {
  it('resolves to the id of the job', async () => {
    const { client } = startClient();

    expect(await client.handOff({ order: 7 }, lambdaContext())).toEqual({
      jobId: expect.stringMatching(/^8f507cfc-example-request\.\S+$/),
      isDuplicate: false,
    });
  });

  it('hands off the event, the data of the context, and the facts of the job', async () => {
    const { client, listener } = startClient();
    const before = Date.now();

    const { jobId } = await client.handOff({ order: 7 }, lambdaContext());

    const [job, ...more] = listener.jobs();
    expect(more).toEqual([]);
    expect(job).toMatchObject({ jobId, event: { order: 7 }, context: CONTEXT_DATA });
    expect(job?.facts).toEqual({
      kind: 'job',
      jobId,
      requestId: '8f507cfc-example-request',
      deadlineMs: expect.any(Number),
      acceptedAt: expect.any(Number),
      contextBytes: JSON.stringify(CONTEXT_DATA).length,
    });
    expect(job?.facts.acceptedAt).toBeGreaterThanOrEqual(before);
    expect(job?.facts.deadlineMs).toBeGreaterThanOrEqual(before + 30_000);
    expect(job?.facts.deadlineMs).toBeLessThanOrEqual(Date.now() + 30_000);
  });

  it('is done when sendArgs is called without waiting for it', () => {
    const { client, listener } = startClient();

    void client.handOff({ order: 7 }, lambdaContext());

    expect(listener.jobs()).toMatchObject([{ event: { order: 7 } }]);
  });

  it('names the trace: the one of the context, else the one of the environment', async () => {
    const { client, listener } = startClient({ _X_AMZN_TRACE_ID: 'Root=1-environment' });

    await client.handOff({}, lambdaContext({ xRayTraceId: 'Root=1-context' }));
    await client.handOff({}, lambdaContext());

    const traces = listener.jobs().map(({ facts }) => facts.traceId);
    expect(traces).toEqual(['Root=1-context', 'Root=1-environment']);
  });

  it.each([['a b'], ['x'.repeat(513)], ['ü']])(
    'leaves out a trace that no line can hold: %s',
    async (trace) => {
      const { client, listener } = startClient({ _X_AMZN_TRACE_ID: trace });

      await client.handOff({}, lambdaContext());

      expect(listener.jobs()[0]?.facts).not.toHaveProperty('traceId');
    },
  );

  it('brings 5 MB, and text of several bytes per character, across unharmed', async () => {
    const { client, listener } = startClient();
    const events = ['x'.repeat(5_000_000), 'ü漢🎉'.repeat(130_000), '漢🎉'];

    for (const event of events) await client.handOff(event, lambdaContext());

    expect(listener.jobs().map(({ event }, index) => event === events[index])).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('works again with the same request id, which Lambda repeats', async () => {
    const { client, listener } = startClient();

    const first = await client.handOff(1, lambdaContext());
    const second = await client.handOff(2, lambdaContext());

    expect(second.jobId).not.toBe(first.jobId);
    expect(listener.jobs()).toHaveLength(2);
  });

  it('needs no background handler here when an engine runs the jobs', async () => {
    const { client, listener } = startClient({
      ASYNC_HANDLER: 'elsewhere.handler',
      ASYNC_HTTP_DELIVERY: QUEUE,
    });

    const accepted = client.handOff({}, lambdaContext());
    await expect.poll(() => listener.jobs()).toHaveLength(1);
    const [job] = listener.jobs();
    listener.answer(job as never, { status: 'delivered' });

    expect(await accepted).toEqual({ jobId: job?.jobId, isDuplicate: false });
    expect(job?.facts.kind).toBe('delivery');
  });
});

/** Hands off what must be refused, and returns the error, having checked that no job was rung. */
async function refusal(
  { client, listener }: ReturnType<typeof startClient>,
  { event = {}, context = {} }: { event?: unknown; context?: object } = {},
): Promise<string> {
  const error = await client.handOff(event, lambdaContext({ ...context })).then(
    () => ({ code: 'none', message: 'accepted' }),
    (thrown) => thrown,
  );
  expect(listener.jobs()).toEqual([]);
  return `${error.code}: ${error.message}`;
}

describe('a hand-off is refused', () => {
  it('when there is no extension', async () => {
    const { client, listener } = startClient();
    listener.close();

    expect(await refusal({ client, listener })).toMatchInlineSnapshot(
      `"ASYNC_HTTP_EXTENSION_UNREACHABLE: No async-http extension listens at /tmp/async-http.bell (ENOENT), so the job was not accepted. Add the async-http layer to the function."`,
    );
  });

  it('when ASYNC_HANDLER is missing', async () => {
    expect(await refusal(startClient({ ASYNC_HANDLER: undefined }))).toMatchInlineSnapshot(
      `"ASYNC_HTTP_HANDLER_UNAVAILABLE: The background handler cannot run, so the job was not accepted: ASYNC_HANDLER is missing; set it to "path/to/module.export", or "path/to/module" for its default export."`,
    );
  });

  it('when there is no file of that name in the deployed code', async () => {
    const started = startClient({
      LAMBDA_TASK_ROOT: '/var/task',
      ASYNC_HANDLER: 'src/jbo.handler',
    });

    expect(await refusal(started)).toMatchInlineSnapshot(
      `"ASYNC_HTTP_HANDLER_UNAVAILABLE: The background handler cannot run, so the job was not accepted: ASYNC_HANDLER is "src/jbo.handler", but there is no /var/task/src/jbo.js, .mjs or .cjs in the deployed code. Correct it, or have your bundler put it there: export the background handler beside the function's own, or make its file a second entry point."`,
    );
  });

  it('when that file is TypeScript, which has not been built', async () => {
    const started = startClient({
      LAMBDA_TASK_ROOT: import.meta.dirname,
      ASYNC_HANDLER: 'fill-bell.handler',
    });

    expect(await refusal(started)).toContain(
      '/fill-bell.js, .mjs or .cjs in the deployed code, only a .ts file, which Lambda does not run. Correct it, or',
    );
  });

  it('when a variable is wrong, with every one that is', async () => {
    const started = startClient({
      ASYNC_HTTP_ON_FAILURE: 'my-queue',
      ASYNC_HTTP_MAX_RETRY_ATTEMPTS: 'often',
    });

    expect(await refusal(started)).toMatchInlineSnapshot(
      `"ASYNC_HTTP_HANDLER_UNAVAILABLE: The background handler cannot run, so the job was not accepted: ASYNC_HTTP_MAX_RETRY_ATTEMPTS must be a whole number from 0 to 10; ASYNC_HTTP_ON_FAILURE must be an ARN like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "my-queue"."`,
    );
  });

  it('when the function times out in a moment', async () => {
    expect(
      await refusal(startClient(), { context: { getRemainingTimeInMillis: () => 0 } }),
    ).toMatch(
      /^ASYNC_HTTP_SHUTTING_DOWN: The function times out in -?\d+ ms, so the job was not accepted\. Send the request again, or give the function a longer timeout\.$/,
    );
  });

  it('when the event is larger than a destination takes', async () => {
    const started = startClient({ ASYNC_HTTP_ON_FAILURE: QUEUE });

    expect(await refusal(started, { event: 'x'.repeat(1024 * 1024) })).toMatch(
      /^ASYNC_HTTP_PAYLOAD_TOO_LARGE: The event has 1048578 bytes\. ASYNC_HTTP_ON_FAILURE/,
    );
  });

  it('when U+FFFF makes it larger than a destination takes', async () => {
    const started = startClient({ ASYNC_HTTP_ON_FAILURE: QUEUE });

    expect(await refusal(started, { event: '\uFFFF'.repeat(200_000) })).toMatch(
      /^ASYNC_HTTP_PAYLOAD_TOO_LARGE: The event has 1200002 bytes/,
    );
  });

  it.each([
    'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    'ASYNC_HTTP_SHUTTING_DOWN',
    'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
    'ASYNC_HTTP_DELIVERY_FAILED',
    'ASYNC_HTTP_VERSION_MISMATCH',
  ])('when the extension says so, with its words: %s', async (code) => {
    const started = startClient();
    started.listener.refuse({ code, message: 'The reason.' });

    expect(await refusal(started)).toBe(`${code}: The reason.`);
  });
});

describe('a background handler that cannot be loaded', () => {
  it('is tried again for the next hand-off', async () => {
    const { client, listener } = startClient();
    listener.refuse({ code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'It throws.' });

    await expect(client.handOff({}, lambdaContext())).rejects.toThrow('It throws.');
    expect(listener.lines()).toContain('R');
    rmSync(join(listener.folder, 'refusal'));
    await client.handOff({}, lambdaContext());

    expect(listener.jobs()).toHaveLength(1);
  });

  it('is not tried again because of another refusal', async () => {
    const { client, listener } = startClient();
    listener.refuse({ code: 'ASYNC_HTTP_SHUTTING_DOWN', message: 'The end.' });

    await expect(client.handOff({}, lambdaContext())).rejects.toThrow('The end.');

    expect(listener.lines()).not.toContain('R');
  });
});

describe('ASYNC_HANDLER is found', () => {
  it.each([
    ['a file', 'jobs/report.js', 'jobs/report.handler', {}],
    ['an ES module', 'jobs/report.mjs', 'jobs/report.handler', {}],
    ['a CommonJS module', 'report.cjs', 'report.handler', {}],
    ['a default export', 'report.js', 'report', {}],
    ['a nested export', 'report.js', 'report.v2.handler', {}],
    ['a package', 'node_modules/jobs/index.js', 'jobs.handler', {}],
    ['a package of a layer', 'layer/jobs/index.js', 'jobs.handler', { NODE_PATH: 'layer' }],
  ])('as %s', async (_, file, handler, variables: Record<string, string>) => {
    const listener = startListener();
    const root = join(listener.base, 'task');
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
    const { NODE_PATH } = variables;
    const client = createClient({
      ...listener.env,
      LAMBDA_TASK_ROOT: root,
      ASYNC_HANDLER: handler,
      ...(NODE_PATH && { NODE_PATH: `/proc/nowhere:${join(root, NODE_PATH)}` }),
    });

    await client.handOff({}, lambdaContext());

    expect(listener.jobs()).toHaveLength(1);
  });
});
