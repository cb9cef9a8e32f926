import type { Context as AwsContext } from 'aws-lambda';
import { describe, expectTypeOf, it } from 'vitest';
import type { ZodObject } from 'zod';
import type { ZodMiniObject } from 'zod/mini';
import {
  type AsyncContext,
  type AsyncHandler,
  type AsyncHttpError,
  type DeliveryFailedError,
  type ExtensionUnreachableError,
  type HandedOff,
  type HandlerUnavailableError,
  isAsyncHttpError,
  type JournalUnwritableError,
  type KeyConflictError,
  type KeyInvalidError,
  type LambdaContext,
  type PayloadInvalidError,
  type PayloadIssue,
  type PayloadTooLargeError,
  type SendArgsOptions,
  type ShuttingDownError,
  sendArgs,
  type TooLateError,
  type VersionMismatchError,
} from '../src/index.ts';

describe('sendArgs', () => {
  it('takes any event and resolves to the id of the job', () => {
    expectTypeOf(sendArgs).parameter(0).toBeUnknown();
    expectTypeOf(sendArgs).returns.resolves.toEqualTypeOf<HandedOff>();
  });

  it('takes the context of @types/aws-lambda, and that of a background handler', () => {
    expectTypeOf<AwsContext>().toExtend<LambdaContext>();
    expectTypeOf<AsyncContext>().toExtend<LambdaContext>();
  });

  it('does not take a context without its method', () => {
    expectTypeOf<Omit<AwsContext, 'getRemainingTimeInMillis'>>().not.toExtend<LambdaContext>();
  });

  it('takes a schema of zod', () => {
    expectTypeOf<ZodObject>().toExtend<NonNullable<SendArgsOptions['schema']>>();
    expectTypeOf<ZodMiniObject>().toExtend<NonNullable<SendArgsOptions['schema']>>();
  });
});

describe('AsyncHandler', () => {
  it('says what the event is, and may be async or not', () => {
    const handler: AsyncHandler<{ order: number }> = async (
      { order },
      { signal, jobId, attempt },
    ) => {
      expectTypeOf(order).toBeNumber();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(jobId).toBeString();
      expectTypeOf(attempt).toBeNumber();
    };
    expectTypeOf(handler).toExtend<AsyncHandler<{ order: number }>>();
    expectTypeOf<() => void>().toExtend<AsyncHandler>();
  });
});

describe('errors', () => {
  it('have literal codes', () => {
    type Code<E extends { code: unknown }> = E['code'];
    expectTypeOf<
      Code<ExtensionUnreachableError>
    >().toEqualTypeOf<'ASYNC_HTTP_EXTENSION_UNREACHABLE'>();
    expectTypeOf<Code<PayloadInvalidError>>().toEqualTypeOf<'ASYNC_HTTP_PAYLOAD_INVALID'>();
    expectTypeOf<Code<PayloadTooLargeError>>().toEqualTypeOf<'ASYNC_HTTP_PAYLOAD_TOO_LARGE'>();
    expectTypeOf<Code<HandlerUnavailableError>>().toEqualTypeOf<'ASYNC_HTTP_HANDLER_UNAVAILABLE'>();
    expectTypeOf<Code<ShuttingDownError>>().toEqualTypeOf<'ASYNC_HTTP_SHUTTING_DOWN'>();
    expectTypeOf<Code<VersionMismatchError>>().toEqualTypeOf<'ASYNC_HTTP_VERSION_MISMATCH'>();
    expectTypeOf<Code<TooLateError>>().toEqualTypeOf<'ASYNC_HTTP_TOO_LATE'>();
    expectTypeOf<Code<JournalUnwritableError>>().toEqualTypeOf<'ASYNC_HTTP_JOURNAL_UNWRITABLE'>();
    expectTypeOf<Code<KeyConflictError>>().toEqualTypeOf<'ASYNC_HTTP_KEY_CONFLICT'>();
    expectTypeOf<Code<KeyInvalidError>>().toEqualTypeOf<'ASYNC_HTTP_KEY_INVALID'>();
    expectTypeOf<Code<DeliveryFailedError>>().toEqualTypeOf<'ASYNC_HTTP_DELIVERY_FAILED'>();
  });

  it('are told apart by their code', () => {
    const error = new Error() as unknown;
    if (isAsyncHttpError(error, 'ASYNC_HTTP_PAYLOAD_INVALID')) {
      expectTypeOf(error.issues).toEqualTypeOf<readonly PayloadIssue[]>();
    } else if (isAsyncHttpError(error)) {
      expectTypeOf(error).toEqualTypeOf<AsyncHttpError>();
      if (error.code === 'ASYNC_HTTP_RETRY_AFTER') expectTypeOf(error.retryAfterMs).toBeNumber();
    }
    // @ts-expect-error: no error has this code.
    isAsyncHttpError(error, 'ASYNC_HTTP_TO_LATE');
  });
});
