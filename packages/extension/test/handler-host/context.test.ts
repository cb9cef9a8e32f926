import { describe, expect, it } from 'vitest';
import { Host } from '../fixtures/host.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

describe.each(NODE_PROGRAMS)('a background handler on Node.js $major', (node) => {
  it('gets the context of the request, alive again, and what belongs to the job', async () => {
    const host = new Host({ node });
    await host.load('shows-context.handler');
    const context = {
      awsRequestId: 'request-1',
      functionName: 'shop',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/shop',
      logStreamName: '2026/11/22/[$LATEST]abc',
      clientContext: { custom: { a: 1 } },
    };

    const shown = await host.run(
      {},
      {
        context,
        jobId: 'request-1.7',
        attempt: 3,
        traceId: 'Root=1-2',
        killAtMs: Date.now() + 60_000,
      },
    );

    expect(shown).toEqual({
      context: { ...context, jobId: 'request-1.7', attempt: 3, signal: {} },
      remainingMs: expect.toSatisfy((ms) => ms > 50_000 && ms <= 60_000),
      signal: false,
      env: {
        group: '/aws/lambda/shop',
        stream: '2026/11/22/[$LATEST]abc',
        trace: 'Root=1-2',
      },
    });
  });

  it('sees no trace id of an earlier job', async () => {
    const host = new Host({ node });
    await host.load('shows-context.handler');
    await host.run({}, { traceId: 'Root=1-2' });

    expect(await host.run({})).not.toHaveProperty('env.trace');
  });

  it('sees its trace in the environment as long as no job of another trace runs', async () => {
    const host = new Host({ node });
    await host.load('shows-trace.handler');
    host.start({ delayMs: 1000 }, { traceId: 'Root=A' });
    host.start({ delayMs: 20 }, { traceId: 'Root=A' });
    host.start({ delayMs: 500 }, { traceId: 'Root=B' });
    for (let started = 0; started < 3; started += 1) await host.next('started');

    const seen = [];
    for (let ended = 0; ended < 3; ended += 1) {
      const { run, body } = await host.next('succeeded');
      seen.push([run, JSON.parse(body)]);
    }
    // With B beside them none; then A alone.
    expect(seen).toEqual([
      [2, null],
      [3, null],
      [1, 'Root=A'],
    ]);
  });

  it('sees its trace in the environment beside another job of the same trace', async () => {
    const host = new Host({ node });
    await host.load('shows-trace.handler');
    host.start({ delayMs: 20 }, { traceId: 'Root=A' });
    host.start({ delayMs: 20 }, { traceId: 'Root=A' });
    for (let started = 0; started < 2; started += 1) await host.next('started');

    expect((await host.next('succeeded')).body).toBe('"Root=A"');
    expect((await host.next('succeeded')).body).toBe('"Root=A"');
  });

  it('finds its own request id in the invoke store while others run', async () => {
    const host = new Host({ node });
    await host.load('asks-invoke-store.handler');
    host.start({ delayMs: 500 }, { requestId: 'request-A', traceId: 'Root=A' });
    host.start({ delayMs: 1 }, { requestId: 'request-B', traceId: 'Root=B' });
    await host.next('started');
    await host.next('started');

    const results = [await host.next('succeeded'), await host.next('succeeded')];
    expect(results.map(({ body }) => JSON.parse(body))).toEqual([
      { requestId: 'request-B', traceId: 'Root=B' },
      { requestId: 'request-A', traceId: 'Root=A' },
    ]);
  });

  it('may live in the same file as a streaming handler', async () => {
    const host = new Host({ node });
    await host.load('streams.background');

    expect(await host.run({})).toBe('beside a streaming handler');
  });

  it('keeps the say over its faults when it listens for them', async () => {
    const host = new Host({ node });
    await host.load('handles-its-faults.handler');

    expect(await host.run({})).toBe('survived');
  });
});

describe.each(NODE_PROGRAMS)('the handler process on Node.js $major', (node) => {
  it('ends when the extension is gone', async () => {
    const host = new Host({ node });
    await host.load('echoes.handler');

    expect((await host.end()).code).toBe(0);
  });

  it('ends when the extension is gone while it runs a job', async () => {
    const host = new Host({ node });
    await host.load('mixed.handler');
    host.start({ do: 'never-settle' });
    await host.next('started');

    expect((await host.end()).code).toBe(0);
  });

  it('ends when the extension is gone while it loads', async () => {
    const host = new Host({ node });
    host.send({ type: 'load', handler: 'never-loads.handler', preloads: [] });

    expect((await host.end()).code).toBe(0);
  });
});
