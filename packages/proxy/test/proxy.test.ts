import { createClient } from '@async-http/client';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { lambdaContext } from '../../client/test/lambda-context.ts';
import { accept, answer, type Respond, startStandIn } from '../../client/test/stand-in.ts';
import { buildProxy, type ProxyOptions } from '../src/build-proxy.ts';

async function startProxy(options: ProxyOptions<never>, respond?: Respond) {
  const extension = await startStandIn(respond);
  const handler = buildProxy(createClient(extension.env), options) as (
    event: unknown,
    context: unknown,
  ) => Promise<unknown>;
  return { handler, extension };
}

const refuse = answer(503, '{"code":"ASYNC_HTTP_HANDLER_UNAVAILABLE","message":"No such file."}');
const END = '/invocations/8f507cfc-example-request/end';

describe('a proxy with a fixed response', () => {
  it('hands the event off, and replies when it has been accepted', async () => {
    const { handler, extension } = await startProxy({ response: { statusCode: 204 } });

    const reply = await handler({ order: 7 }, lambdaContext());

    expect(reply).toEqual({ statusCode: 204 });
    expect(JSON.parse(extension.received[0]?.body ?? '').event).toEqual({ order: 7 });
  });

  it('says with the hand-off that this was all: one round trip', async () => {
    const { handler, extension } = await startProxy({ response: 'ok' });

    await handler({}, lambdaContext());
    await handler({}, lambdaContext());

    expect(extension.received.map(({ path }) => path)).toEqual(['/jobs', '/jobs']);
    expect(extension.received[0]?.headers['async-http-end']).toBe('1');
  });

  it('fails when the hand-off fails, and still reports the end', async () => {
    const ended = Promise.withResolvers<string>();
    const { handler } = await startProxy({ response: 'ok' }, (response, received) => {
      if (received.path === '/jobs') return refuse(response, received);
      ended.resolve(received.path);
      accept(response, received);
    });

    await expect(handler({}, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
      message: 'No such file.',
    });
    expect(await ended.promise).toBe(END);
  });

  it('fails when there is no extension', async () => {
    const handler = buildProxy(createClient({ ASYNC_HTTP_SOCKET: '/nowhere/extension.sock' }), {
      response: 'ok',
    });

    await expect(handler({}, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
    });
  });

  it('fails with what is wrong, even when there is no context', async () => {
    const { handler } = await startProxy({ response: 'ok' });

    await expect(handler({}, undefined)).rejects.toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      subject: 'context',
    });
  });

  it('applies its schema to the event', async () => {
    const schema = z.object({ order: z.coerce.number() });
    const { handler, extension } = await startProxy({ schema, response: 'ok' });

    await handler({ order: '7' }, lambdaContext());
    await expect(handler({ order: 'x' }, lambdaContext())).rejects.toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      subject: 'event',
    });

    expect(JSON.parse(extension.received[0]?.body ?? '').event).toEqual({ order: 7 });
  });
});

describe('a proxy with a computed response', () => {
  /** Answers everything, and resolves when the end of the request has been reported. */
  function watchEnd() {
    const ended = Promise.withResolvers<string>();
    const respond: Respond = (response, received) => {
      if (received.path !== '/jobs') ended.resolve(received.path);
      accept(response, received);
    };
    return { ended: ended.promise, respond };
  }

  it('computes it from the event, the context and the accepted job', async () => {
    const { handler } = await startProxy({
      response: async ({ order }: { order: number }, { awsRequestId }, { jobId }) => ({
        statusCode: 202,
        body: `${order} ${awsRequestId} ${jobId}`,
      }),
    });

    expect(await handler({ order: 7 }, lambdaContext())).toEqual({
      statusCode: 202,
      body: '7 8f507cfc-example-request request-1.1',
    });
  });

  it('reports the end after the response has been computed, not before', async () => {
    const { ended, respond } = watchEnd();
    let paths: string[] = [];
    const { handler, extension } = await startProxy(
      {
        response: () => {
          paths = extension.received.map(({ path }) => path);
          return 'ok';
        },
      },
      respond,
    );

    await handler({}, lambdaContext());

    expect(await ended).toBe(END);
    expect(paths).toEqual(['/jobs']);
    expect(extension.received[0]?.headers).not.toHaveProperty('async-http-end');
  });

  it('fails when it throws, and still reports the end', async () => {
    const { ended, respond } = watchEnd();
    const { handler } = await startProxy(
      {
        response: () => {
          throw new Error('no template');
        },
      },
      respond,
    );

    await expect(handler({}, lambdaContext())).rejects.toThrow('no template');
    expect(await ended).toBe(END);
  });

  it('is not computed when the hand-off fails', async () => {
    let computed = false;
    const { handler } = await startProxy({ response: () => (computed = true) }, refuse);

    await expect(handler({}, lambdaContext())).rejects.toThrow('No such file.');
    expect(computed).toBe(false);
  });
});

describe('a proxy', () => {
  it.each([['fixed'], [() => 'computed']])('declares two parameters (%s)', async (response) => {
    const { handler } = await startProxy({ response });

    expect(handler).toHaveLength(2);
  });
});
