import type { LambdaContext } from '@async-http/client';
import type {
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  Context,
  Handler,
  LambdaFunctionURLEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import {
  type AsyncHandler,
  type BatchResponse,
  consumer,
  createProxy,
  type HttpEvent,
  handler,
  type JobEvent,
  type WithBody,
} from '../src/index.ts';
import { receiveWebhook, stripe } from '../src/webhooks/index.ts';

describe('handler', () => {
  it('is a Lambda handler', () => {
    expectTypeOf(handler).toExtend<Handler>();
    expectTypeOf(handler).toExtend<Handler<APIGatewayProxyEventV2>>();
  });
});

describe('createProxy', () => {
  it('takes a value or a function as response, and both a schema', () => {
    createProxy();
    createProxy({ response: { statusCode: 200 } });
    createProxy({ response: 'ok' });
    // @ts-expect-error: a reply must be something that JSON can hold.
    createProxy({ response: Symbol('s') });
  });

  it('knows what the response is computed from', () => {
    createProxy({
      response: (event, context, job) => {
        expectTypeOf(event).toBeUnknown();
        expectTypeOf(context).toEqualTypeOf<LambdaContext>();
        expectTypeOf(job.jobId).toBeString();
      },
    });
    const typed = createProxy<APIGatewayProxyEventV2>({
      response: async (event) => {
        expectTypeOf(event).toEqualTypeOf<APIGatewayProxyEventV2>();
      },
    });
    expectTypeOf(typed).toExtend<Handler<APIGatewayProxyEventV2>>();
  });
});

describe('createProxy with a schema for the body', () => {
  const Order = z.object({ sku: z.string(), dueAt: z.coerce.date() });
  type Order = z.output<typeof Order>;

  it('knows the parsed body in the response', () => {
    createProxy({
      body: Order,
      response: (event, _context, { jobId }) => {
        expectTypeOf(event).toEqualTypeOf<HttpEvent<Order>>();
        expectTypeOf(event.rawPath).toEqualTypeOf<string | undefined>();
        return { statusCode: 202, body: `${event.body.sku} ${jobId}` };
      },
    });
  });

  it('knows it in the background handler, after JSON', () => {
    const proxy = createProxy({ body: Order });
    const background: AsyncHandler<JobEvent<typeof proxy>> = async ({ body, headers }) => {
      expectTypeOf(body).toEqualTypeOf<{ sku: string; dueAt: string }>();
      expectTypeOf(headers?.accept).toEqualTypeOf<string | undefined>();
    };
    expectTypeOf(background).toBeFunction();
  });

  it('takes the events of all kinds of APIs', () => {
    const proxy = createProxy({ body: Order });
    expectTypeOf(proxy).toExtend<Handler<APIGatewayProxyEvent>>();
    expectTypeOf(proxy).toExtend<Handler<APIGatewayProxyEventV2>>();
    expectTypeOf(proxy).toExtend<Handler<LambdaFunctionURLEvent>>();
    expectTypeOf(proxy).toExtend<Handler<ALBEvent>>();
  });

  it('takes the exact type of one kind', () => {
    const proxy = createProxy({
      body: Order,
      response: ({ body, rawPath }: WithBody<APIGatewayProxyEventV2, Order>) => {
        expectTypeOf(rawPath).toBeString();
        return body.sku;
      },
    });
    expectTypeOf<JobEvent<typeof proxy>['rawPath']>().toBeString();
    // @ts-expect-error: the schema says otherwise.
    createProxy({
      body: Order,
      response: ({ body }: WithBody<APIGatewayProxyEventV2, { sku: number }>) => body.sku,
    });
  });

  it('takes one for the event as well, which has the last word', () => {
    const proxy = createProxy({
      body: Order,
      schema: z.object({ body: Order, pathParameters: z.object({ id: z.coerce.number() }) }),
      response: ({ pathParameters }) => expectTypeOf(pathParameters.id).toBeNumber(),
    });
    expectTypeOf<JobEvent<typeof proxy>['pathParameters']>().toEqualTypeOf<{ id: number }>();
  });
});

describe('JobEvent', () => {
  it('is what JSON makes of the event', () => {
    const proxy = createProxy({
      schema: z.object({
        at: z.date(),
        list: z.array(z.date()),
        pair: z.tuple([z.string(), z.number()]),
        some: z.date().optional(),
        any: z.unknown(),
      }),
    });
    expectTypeOf<JobEvent<typeof proxy>>().toEqualTypeOf<{
      at: string;
      list: string[];
      pair: [string, number];
      some?: string | undefined;
      any: unknown;
    }>();
  });

  it('is what a proxy without a schema takes', () => {
    expectTypeOf<JobEvent<typeof handler>>().toBeUnknown();
    const proxy = createProxy<{ order: number }>();
    expectTypeOf<JobEvent<typeof proxy>>().toEqualTypeOf<{ order: number }>();
  });
});

describe('consumer', () => {
  it('is a Lambda handler, also of a queue', () => {
    expectTypeOf(consumer).toExtend<Handler>();
    expectTypeOf(consumer).toBeCallableWith({} as SQSEvent, {} as Context);
  });

  it('answers a queue as it expects it', () => {
    expectTypeOf<BatchResponse>().toExtend<SQSBatchResponse>();
  });
});

describe('receiveWebhook', () => {
  it('gives the background handler the payload as body', () => {
    const webhook = receiveWebhook({ ...stripe, verify: () => {} });

    expectTypeOf<JobEvent<typeof webhook>['body']['id']>().toEqualTypeOf<string>();
  });
});
