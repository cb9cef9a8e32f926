import { describe, expect, it } from 'vitest';
import {
  fixture,
  invoke,
  linesWith,
  RUNTIMES,
  startFunction,
  story,
} from './support/start-function.ts';

describe.each(RUNTIMES)('reply now, finish later, on %s', (runtime) => {
  it('answers first, runs the job, and freezes when the job is done', async () => {
    const lambda = await startFunction({
      runtime,
      handler: '/opt/proxy.handler',
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });

    const { requestId, reply } = await invoke(lambda, { ms: 300 });
    expect(reply).toEqual({
      statusCode: 200,
      headers: { 'async-http-job-id': `${requestId}.1` },
      body: 'ok',
    });
    await lambda.idle();

    expect(story(lambda, requestId)).toEqual([
      'response',
      'job: done',
      'extension.next',
      'invoke.end',
      'frozen',
    ]);
  });

  it('holds the environment again and again', async () => {
    const lambda = await startFunction({
      runtime,
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });
    for (let request = 1; request <= 3; request += 1) {
      await invoke(lambda, { ms: 50 });
      await lambda.idle();
      expect(linesWith(lambda, 'job says done')).toHaveLength(request);
    }
    expect(new Set(lambda.timeline.map(({ environmentId }) => environmentId)).size).toBe(1);
  });

  it('replies what CUSTOM_RES says', async () => {
    const lambda = await startFunction({
      runtime,
      handler: '/opt/proxy.handler',
      environment: {
        ASYNC_HANDLER: 'jobs/say.handler',
        CUSTOM_RES: '{"statusCode":202,"body":"{\\"status\\":\\"accepted\\"}"}',
      },
    });

    const { requestId, reply } = await invoke(lambda);

    expect(reply).toEqual({
      statusCode: 202,
      headers: { 'async-http-job-id': `${requestId}.1` },
      body: '{"status":"accepted"}',
    });
  });

  it("gives the job the event and Lambda's context", async () => {
    const lambda = await startFunction({
      runtime,
      environment: { ASYNC_HANDLER: 'jobs/say.handler' },
    });

    const { requestId, reply } = await invoke(lambda, { greeting: 'höi' });
    await lambda.idle();

    expect(reply).toEqual({ jobId: `${requestId}.1` });
    expect(linesWith(lambda, 'job says')[0]).toContain(
      `\t${requestId}\tINFO\tjob says {"greeting":"höi"} ${requestId}.1 attempt 1`,
    );
  });

  it('serves ES modules that import the packages of the layer', async () => {
    const lambda = await startFunction({
      runtime,
      code: fixture('esm'),
      handler: 'function.handOff',
      environment: { ASYNC_HANDLER: 'job' },
    });

    const { requestId, reply } = await invoke(lambda, { name: 'Ada' });
    await lambda.idle();

    expect(reply).toEqual({ jobId: `${requestId}.1`, isDuplicate: false });
    expect(linesWith(lambda, `job says Ada ${requestId}.1`)).toHaveLength(1);
  });

  it('computes the reply with createProxy', async () => {
    const lambda = await startFunction({
      runtime,
      code: fixture('esm'),
      handler: 'function.computed',
      environment: { ASYNC_HANDLER: 'job' },
    });

    const { requestId, reply } = await invoke(lambda, { name: 'Ada' });

    expect(reply).toEqual({ statusCode: 202, body: `Ada is ${requestId}.1` });
  });

  it('runs ten jobs of one request, each once', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.handOffTenTimes',
      environment: { ASYNC_HANDLER: 'jobs/say.handler' },
    });

    const { requestId, reply } = await invoke(lambda);
    await lambda.idle();

    const ids = Array.from({ length: 10 }, (_, n) => `${requestId}.${n + 1}`);
    expect([...reply].sort()).toEqual([...ids].sort());
    for (const id of ids)
      expect(linesWith(lambda, new RegExp(`job says .* ${id} `))).toHaveLength(1);
  });
});

describe.each(RUNTIMES)('payloads arrive intact on %s', (runtime) => {
  it.each([
    ['5 MB', 'x'.repeat(5_000_000)],
    ['1.2 MB of multi-byte text', 'aä€😀'.repeat(120_000)],
  ])('%s', async (_, text) => {
    const { createHash } = await import('node:crypto');
    const lambda = await startFunction({
      runtime,
      memoryMiB: 512,
      environment: { ASYNC_HANDLER: 'jobs/measure.handler' },
    });

    await invoke(lambda, { text });
    await lambda.idle();

    const hash = createHash('sha256').update(text).digest('hex');
    expect(linesWith(lambda, `job says ${Buffer.byteLength(text)} bytes ${hash}`)).toHaveLength(1);
  });
});
