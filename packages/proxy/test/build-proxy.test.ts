import { createClient, jobKey } from '@async-http/client';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildProxy, type ProxyOptions } from '../src/build-proxy.ts';

/** As in a function whose runtime does not show when handlers end. */
const FUNCTION = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'index.handler' };

function startProxy(options: ProxyOptions<never>, variables: Record<string, string> = {}) {
  const listener = startListener();
  const client = createClient({ ...listener.env, ...FUNCTION, ...variables });
  const handler = buildProxy(client, options) as (
    event: unknown,
    context: unknown,
  ) => Promise<unknown>;
  return {
    handler,
    listener,
    /** The letters of the lines: which kinds of things were rung, in their order. */
    rung: () =>
      listener
        .lines()
        .map((line) => line.at(0))
        .join(''),
  };
}

const END = 'E 8f507cfc-example-request';
const MISSING = { ASYNC_HANDLER: 'missing.handler' };

describe('a proxy with a fixed response', () => {
  it('hands the event off, and replies', async () => {
    const { handler, listener } = startProxy({ response: { statusCode: 204 } });

    const reply = await handler({ order: 7 }, lambdaContext());

    expect(reply).toEqual({ statusCode: 204 });
    expect(listener.jobs()).toMatchObject([{ event: { order: 7 } }]);
  });

  it('reports the end of its request after the job, in any runtime', async () => {
    const { handler, listener, rung } = startProxy({ response: 'ok' });

    await handler({}, lambdaContext());

    await expect.poll(rung).toBe('AJE');
    expect(listener.lines().at(-1)).toBe(END);
  });

  it('fails when the hand-off fails, and still reports the end', async () => {
    const { handler, rung } = startProxy({ response: 'ok' }, MISSING);

    await expect(handler({}, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    });

    await expect.poll(rung).toBe('AE');
  });

  it('fails when there is no extension', async () => {
    const { handler, listener } = startProxy({ response: 'ok' });
    listener.close();

    await expect(handler({}, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
    });
  });

  it('fails with what is wrong, even when there is no context', async () => {
    const { handler } = startProxy({ response: 'ok' });

    await expect(handler({}, undefined)).rejects.toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      subject: 'context',
    });
  });

  it('applies its schema to the event', async () => {
    const schema = z.object({ order: z.coerce.number() });
    const { handler, listener } = startProxy({ schema, response: 'ok' });

    await handler({ order: '7' }, lambdaContext());
    await expect(handler({ order: 'x' }, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      subject: 'event',
    });

    expect(listener.jobs()).toMatchObject([{ event: { order: 7 } }]);
  });
});

describe('a proxy with a computed response', () => {
  it('computes it from the event, the context and the accepted job', async () => {
    const { handler, listener } = startProxy({
      response: async ({ order }: { order: number }, { awsRequestId }, { jobId }) => ({
        statusCode: 202,
        body: `${order} ${awsRequestId} ${jobId}`,
      }),
    });

    expect(await handler({ order: 7 }, lambdaContext())).toEqual({
      statusCode: 202,
      body: `7 8f507cfc-example-request ${listener.jobs()[0]?.jobId}`,
    });
  });

  it('reports the end when the response has been computed, not before', async () => {
    const computed = Promise.withResolvers<string>();
    const { handler, rung } = startProxy({ response: () => computed.promise });

    const reply = handler({}, lambdaContext());
    for (let turns = 0; turns < 5; turns += 1) await new Promise((next) => setImmediate(next));
    expect(rung()).toBe('AJ');
    computed.resolve('ok');
    await reply;

    await expect.poll(rung).toBe('AJE');
  });

  it('fails when it throws, and still reports the end: the job runs', async () => {
    const { handler, rung } = startProxy({
      response: () => {
        throw new Error('no template');
      },
    });

    await expect(handler({}, lambdaContext())).rejects.toThrow('no template');

    await expect.poll(rung).toBe('AJE');
  });

  it('is not computed when the hand-off fails', async () => {
    let computed = false;
    const { handler } = startProxy({ response: () => (computed = true) }, MISSING);

    await expect(handler({}, lambdaContext())).rejects.toThrow('missing.handler');
    expect(computed).toBe(false);
  });
});

describe('a proxy inside of middleware that does more', () => {
  it('refuses what is handed off after it has reported the end, loudly', async () => {
    const { handler, listener, rung } = startProxy({ response: 'ok' });
    await handler({}, lambdaContext());
    await expect.poll(rung).toBe('AJE');

    const late = createClient({ ...listener.env, ...FUNCTION }).handOff({}, lambdaContext());

    await expect(late).rejects.toMatchObject({ code: 'ASYNC_HTTP_TOO_LATE' });
    expect(listener.jobs()).toHaveLength(1);
  });

  it('accepts what is handed off in a request whose id comes again', async () => {
    const { handler, listener, rung } = startProxy({ response: 'ok' });
    await handler({}, lambdaContext());
    await expect.poll(rung).toBe('AJE');

    await handler({}, lambdaContext());

    await expect.poll(rung).toBe('AJEJE');
    expect(new Set(listener.jobs().map(({ jobId }) => jobId)).size).toBe(2);
  });
});

describe('a proxy', () => {
  it.each([['fixed'], [() => 'computed']])('declares two parameters (%s)', (response) => {
    expect(startProxy({ response }).handler).toHaveLength(2);
  });
});

describe('a proxy with a key', () => {
  const startKeyed = () =>
    startProxy({
      key: ({ id }: { id?: string }) => (id === undefined ? undefined : jobKey(id)),
      response: (_event: unknown, _context: unknown, job: unknown) => job,
    } as ProxyOptions<never>);

  it('starts one job for two requests with the same key, and tells the response', async () => {
    const { handler, listener } = startKeyed();

    const first = (await handler({ id: 'a' }, lambdaContext())) as { jobId: string };
    const second = await handler({ id: 'a' }, lambdaContext());

    expect(first).toMatchObject({ isDuplicate: false });
    expect(second).toEqual({ jobId: first.jobId, isDuplicate: true });
    expect(listener.jobs()).toHaveLength(1);
  });

  it('starts a job for every request that has none', async () => {
    const { handler, listener } = startKeyed();

    await handler({}, lambdaContext());
    await handler({}, lambdaContext());

    expect(listener.jobs()).toHaveLength(2);
  });
});
