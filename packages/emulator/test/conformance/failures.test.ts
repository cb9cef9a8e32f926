import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fixture, isolations, oneRuntime, start } from '../support/start.ts';

const outcomes = { code: fixture('functions/outcomes') };
const tailWorker = { layers: [fixture('layers/third-party')] };
const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

describe.each(oneRuntime)('Failures (%s)', (runtime) => {
  it('a handler that throws is a function error; the environment is used again', async () => {
    const lambda = await start({ runtime, ...outcomes, ...tailWorker });

    const result = await lambda.invoke({ outcome: 'throw' });
    await lambda.idle();

    expect(result).toMatchObject({ statusCode: 200, functionError: 'Unhandled' });
    expect(parse(result)).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'thrown by the handler',
    });
    // The runtime did its job: this status is about the runtime.
    expect(lambda.timeline).toContainEqual(
      expect.objectContaining({ type: 'runtime.done', status: 'success' }),
    );
    expect(parse(await lambda.invoke({}))).toMatchObject({ invokes: 2 });
  });

  it('a runtime that exits fails the invoke with Runtime.ExitError and resets the environment', async () => {
    const lambda = await start({ runtime, ...outcomes, ...tailWorker });

    const result = await lambda.invoke({ outcome: 'exit', code: 7 });
    await lambda.idle();

    expect(result).toMatchObject({ statusCode: 200, functionError: 'Unhandled' });
    expect(parse(result)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${result.requestId} Error: Runtime exited with error: exit status 7`,
    });
    const lines = lambda.logs.map(({ line }) => line);
    expect(lines).toContain('tail-worker stops: failure');
    expect(lines.find((line) => line.startsWith('REPORT'))).toMatch(
      /\tStatus: error\tError Type: Runtime\.ExitError\t$/,
    );
    expect(parse(await lambda.invoke({}))).toMatchObject({ invokes: 1 });
    expect(lambda.timeline).toContainEqual(
      expect.objectContaining({ type: 'environment.starting', cause: 'reset' }),
    );
  });

  it('a process that exits behind its response fails the next invoke', async () => {
    const lambda = await start({ runtime, ...outcomes, ...tailWorker });
    const first = await lambda.invoke({ outcome: 'exit later', code: 3, afterMs: 20 });
    await lambda.idle();

    const second = await lambda.invoke({});

    expect(parse(first)).toBe('exits later');
    expect(parse(second)).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(lambda.timeline).toContainEqual(
      expect.objectContaining({
        type: 'invoke.end',
        requestId: first.requestId,
        status: 'success',
      }),
    );
  });

  it('a runtime that is killed while it works', async () => {
    const lambda = await start({ runtime, ...outcomes });
    const result = lambda.invoke({ outcome: 'hang' });
    await lambda.until(({ type }) => type === 'invoke.start');

    await lambda.kill('runtime');

    expect(parse(await result).errorMessage).toMatch(
      /Error: Runtime exited with error: signal: killed$/,
    );
  });

  it('a handler that does not end in time: timeout, SHUTDOWN, reset (localstack@8b9a79f, test_lambda_invoke_with_timeout, recorded 2025-11-25)', async () => {
    const lambda = await start({ runtime, ...outcomes, ...tailWorker, timeoutMs: 3_000 });

    const result = await lambda.invoke({ outcome: 'hang' });
    await lambda.idle();

    expect(result).toMatchObject({ statusCode: 200, functionError: 'Unhandled' });
    expect(parse(result)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${result.requestId} Error: Task timed out after 3.00 seconds`,
    });
    await lambda.line(
      new RegExp(`^\\d{4}-.*Z ${result.requestId} Task timed out after 3\\.00 seconds$`),
    );
    expect(lambda.logs.map(({ line }) => line).find((line) => line.startsWith('REPORT'))).toMatch(
      /\tDuration: 3000\.00 ms\t.*\tStatus: timeout\t$/,
    );
    expect(parse(await lambda.invoke({}))).toMatchObject({ invokes: 1 });
  });

  it('a handler that blocks its event loop times out too', async () => {
    const lambda = await start({ runtime, ...outcomes, timeoutMs: 3_000 });

    const result = await lambda.invoke({ outcome: 'loop' });

    expect(parse(result)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await lambda.idle();
  });

  it('the timeout covers the extensions: the caller keeps the response, the environment is reset', async () => {
    const environment = { WORK_MS: '3600000' };
    const lambda = await start({
      runtime,
      ...outcomes,
      ...tailWorker,
      environment,
      timeoutMs: 3_000,
    });

    const result = await lambda.invoke({});
    await lambda.idle();

    expect(parse(result)).toMatchObject({ invokes: 1 });
    expect(lambda.timeline).toContainEqual(
      expect.objectContaining({ type: 'invoke.end', status: 'timeout', durationMs: 3_000 }),
    );
    // Busy to the end, it never asked for the next event, so nobody told it to stop.
    expect(lambda.logs.map(({ line }) => line).join()).not.toContain('tail-worker stops');
    await lambda.invoke({});
  });

  it('an extension that is killed while it holds the environment: failure, reset', async () => {
    const environment = { WORK_MS: '3600000' };
    const lambda = await start({ runtime, ...outcomes, ...tailWorker, environment });
    const result = await lambda.invoke({});
    await lambda.line(/tail-worker works/);

    await lambda.kill({ extension: 'tail-worker' });
    await lambda.idle();

    expect(parse(result)).toMatchObject({ invokes: 1 });
    expect(lambda.timeline).toContainEqual(
      expect.objectContaining({
        type: 'crash',
        process: 'tail-worker',
        errorType: 'Extension.Crash',
      }),
    );
    await lambda.invoke({});
  });

  it('a process that is killed while the environment is frozen fails the next invoke', async () => {
    const lambda = await start({ runtime, ...outcomes });
    await lambda.invoke({});
    await lambda.idle();

    await lambda.kill('runtime');

    expect(parse(await lambda.invoke({}))).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(parse(await lambda.invoke({}))).toMatchObject({ invokes: 1 });
  });
});

describe('Freeze and thaw', () => {
  it('stops every process of the environment, grandchildren included, until the next invoke', async () => {
    const lambda = await start({ code: fixture('functions/ticks') });
    await lambda.invoke({});
    await lambda.idle();

    await delay(3_000);
    const [thawed] = [parse(await lambda.invoke({}))];

    // 3 s of ticks would be some 600 and 300; a busy machine takes a while to start and to freeze.
    expect(thawed.own).toBeLessThan(300);
    expect(thawed.grandchild).toBeLessThan(150);
  });

  it.each(isolations)(
    'leaves a process stopped that the function has stopped itself, as a pause of the machine does (%s)',
    async (isolation) => {
      const lambda = await start({ code: fixture('functions/stopped-child'), isolation });
      await lambda.invoke({});
      await lambda.idle();

      expect(parse(await lambda.invoke({}))).toBe('T');
    },
  );
});
