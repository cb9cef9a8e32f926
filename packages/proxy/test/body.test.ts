import { createClient } from '@async-http/client';
import { lambdaContext, startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildProxy, type ProxyOptions } from '../src/build-proxy.ts';

const Order = z.object({ sku: z.string(), quantity: z.coerce.number().default(1) });

function startProxy(options: ProxyOptions<never>) {
  const listener = startListener();
  const client = createClient({
    ...listener.env,
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    _HANDLER: 'index.handler',
  });
  const proxy = buildProxy(client, { response: { statusCode: 202 }, ...options });
  return {
    jobs: () => listener.jobs().map(({ event }) => event),
    contexts: () => listener.jobs().map(({ context }) => context),
    reply: (event: unknown) => proxy(event, lambdaContext()),
    rung: () =>
      listener
        .lines()
        .map((line) => line.at(0))
        .join(''),
  };
}

/** As an HTTP API sends it, in payload format 2.0. */
function request(body?: string, changes: object = {}) {
  return {
    version: '2.0',
    rawPath: '/orders',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/orders' } },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
    ...changes,
  };
}

const refusal = (message: string, ...issues: object[]) => ({
  statusCode: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message, issues }),
  isBase64Encoded: false,
});

describe('a proxy with a schema for the body', () => {
  it('hands the event off with what the schema has made of the body', async () => {
    const { reply, jobs } = startProxy({ body: Order });
    const body = Buffer.from('{"sku":"a","quantity":"2"}').toString('base64');
    const event = request(body, { isBase64Encoded: true });

    expect(await reply(event)).toEqual({ statusCode: 202 });

    expect(jobs()).toEqual([{ ...event, body: { sku: 'a', quantity: 2 }, isBase64Encoded: false }]);
  });

  it('computes the response from the parsed body', async () => {
    const response = ({ body }: { body: z.output<typeof Order> }) => body.quantity;

    expect(await startProxy({ body: Order, response }).reply(request('{"sku":"a"}'))).toBe(1);
  });

  it('answers 400 to a body that is not JSON, and reports the end', async () => {
    const { reply, jobs, rung } = startProxy({ body: Order });

    expect(await reply(request('nonsense'))).toEqual(
      refusal('The body is not JSON', {
        path: [],
        message: `Unexpected token 'o', "nonsense" is not valid JSON`,
      }),
    );
    expect(jobs()).toEqual([]);
    await expect.poll(rung).toBe('AE');
  });

  it('answers 400 with the issues of the schema, whose paths begin in the body', async () => {
    const { reply, jobs } = startProxy({ body: z.object({ items: z.array(Order) }) });

    expect(await reply(request('{"items":[{"sku":7}]}'))).toEqual(
      refusal('The body is not valid', {
        path: ['items', 0, 'sku'],
        message: 'Invalid input: expected string, received number',
      }),
    );
    expect(jobs()).toEqual([]);
  });

  it('answers 400 when a check that takes time refuses', async () => {
    const known = Order.refine(async () => false, { error: 'no such article', path: ['sku'] });

    expect(await startProxy({ body: known }).reply(request('{"sku":"a"}'))).toEqual(
      refusal('The body is not valid', { path: ['sku'], message: 'no such article' }),
    );
  });

  it('leaves to the schema whether there has to be a body', async () => {
    expect(await startProxy({ body: Order.optional() }).reply(request())).toEqual({
      statusCode: 202,
    });
    expect(await startProxy({ body: Order }).reply(request())).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining('"message":"The body is missing"'),
    });
  });

  it('takes paths whose segments are objects, as Standard Schema allows', async () => {
    const issues = [{ message: 'too many', path: [{ key: 'items' }, 0] }];
    const body = { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues }) } };

    expect(await startProxy({ body: body as never }).reply(request('{}'))).toEqual(
      refusal('The body is not valid', { path: ['items', 0], message: 'too many' }),
    );
  });

  it('answers a load balancer in the kind of headers that it sends', async () => {
    const { headers: _, ...event } = request('', { multiValueHeaders: {} }) as { headers: object };

    expect(await startProxy({ body: Order }).reply(event)).toMatchObject({
      statusCode: 400,
      multiValueHeaders: { 'content-type': ['application/json'] },
    });
  });

  it('fails for an event that is not of HTTP', async () => {
    await expect(startProxy({ body: Order }).reply({ sku: 'a' })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      message: expect.stringContaining('event.body: is missing'),
    });
  });
});

describe('a proxy with a schema for the event', () => {
  const Paged = z.object({ queryStringParameters: z.object({ page: z.coerce.number() }) });

  it('hands off what the schema has made of it, and computes the response from that', async () => {
    const response = ({ queryStringParameters: { page } }: z.output<typeof Paged>) => page;
    const { reply, jobs } = startProxy({ schema: Paged, response });

    expect(await reply(request('', { queryStringParameters: { page: '7' } }))).toBe(7);
    expect(jobs()).toEqual([{ queryStringParameters: { page: 7 } }]);
  });

  it('keeps the trace of the request, whose headers the schema drops', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { reply, contexts } = startProxy({ schema: Paged });

    await reply(request('', { headers: { traceparent }, queryStringParameters: { page: '7' } }));

    expect(contexts()).toMatchObject([{ trace: { traceparent } }]);
  });

  it('answers 400 to an HTTP request that it refuses', async () => {
    const event = request('', { queryStringParameters: { page: 'x' } });

    expect(await startProxy({ schema: Paged }).reply(event)).toEqual(
      refusal('The request is not valid', {
        path: ['queryStringParameters', 'page'],
        message: 'Invalid input: expected number, received NaN',
      }),
    );
  });

  it('gets the parsed body where there is a schema for that too', async () => {
    const schema = z.object({ body: z.looseObject({ sku: z.string() }) });
    const { reply, jobs } = startProxy({ body: Order, schema });

    await reply(request('{"sku":"a"}'));

    expect(jobs()).toEqual([{ body: { sku: 'a', quantity: 1 } }]);
  });
});

it('a schema that is none is refused while the function starts', () => {
  expect(() => startProxy({ body: { type: 'object' } as never })).toThrow(
    'The body option of createProxy is not a Standard Schema',
  );
});
