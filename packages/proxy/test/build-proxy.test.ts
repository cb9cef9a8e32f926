import { createClient } from '@async-http/client';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildProxy, type ProxyOptions } from '../src/build-proxy.ts';

function startProxy(options: ProxyOptions<never>) {
  const listener = startListener();
  const env = { ...process.env, ...listener.env, AWS_LAMBDA_RUNTIME_API: 'nowhere' };
  const handler = buildProxy(createClient({ ...env, _HANDLER: 'function.handler' }), options) as (
    event: unknown,
    context: unknown,
  ) => Promise<unknown>;
  const ends = () => listener.lines().filter((line) => line.startsWith('E '));
  return { handler, listener, ends };
}

const REFUSAL = { code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'No such file.' };
const END = 'E 8f507cfc-example-request';

describe('a proxy', () => {
  it('hands the event off, and then replies with a fixed response', async () => {
    const { handler, listener } = startProxy({ response: { statusCode: 204 } });

    const reply = await handler({ order: 7 }, lambdaContext());

    expect(reply).toEqual({ statusCode: 204 });
    expect(listener.jobs()).toMatchObject([{ event: { order: 7 } }]);
  });

  it('computes a response from the event, the context and the accepted job', async () => {
    const { handler } = startProxy({
      response: async ({ order }: { order: number }, { awsRequestId }, { jobId }) =>
        `${order} ${awsRequestId} ${jobId}`,
    });

    expect(await handler({ order: 7 }, lambdaContext())).toMatch(
      /^7 8f507cfc-example-request 8f507cfc-example-request\.\S+$/,
    );
  });

  it('rings the end of its request after the response where the runtime does not show it', async () => {
    const { handler, ends } = startProxy({ response: () => `${ends().length} ends` });

    expect(await handler({}, lambdaContext())).toBe('0 ends');
    await expect.poll(ends).toEqual([END]);
  });

  it('fails when the hand-off fails, computes nothing, and still rings the end', async () => {
    let isComputed = false;
    const { handler, listener, ends } = startProxy({
      response: () => {
        isComputed = true;
      },
    });
    listener.refuse(REFUSAL);

    await expect(handler({}, lambdaContext())).rejects.toMatchObject(REFUSAL);
    expect(isComputed).toBe(false);
    await expect.poll(ends).toEqual([END]);
  });

  it('fails when its response throws; the job runs, and the end is rung', async () => {
    const { handler, listener, ends } = startProxy({
      response: () => {
        throw new Error('no template');
      },
    });

    await expect(handler({}, lambdaContext())).rejects.toThrow('no template');
    expect(listener.jobs()).toHaveLength(1);
    await expect.poll(ends).toEqual([END]);
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

  it.each([['fixed'], [() => 'computed']])('declares two parameters (%s)', (response) => {
    expect(startProxy({ response }).handler).toHaveLength(2);
  });
});
