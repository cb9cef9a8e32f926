import type { LambdaContext } from '@async-http/client';
import type {
  APIGatewayProxyEventV2,
  Context,
  Handler,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';
import { type BatchResponse, consumer, createProxy, handler } from '../src/index.ts';

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

describe('consumer', () => {
  it('is a Lambda handler, also of a queue', () => {
    expectTypeOf(consumer).toExtend<Handler>();
    expectTypeOf(consumer).toBeCallableWith({} as SQSEvent, {} as Context);
  });

  it('answers a queue as it expects it', () => {
    expectTypeOf<BatchResponse>().toExtend<SQSBatchResponse>();
  });
});
