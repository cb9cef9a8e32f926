import type {
  DeliveryFailedError,
  ExtensionUnreachableError,
  HandlerUnavailableError,
  JournalUnwritableError,
  KeyConflictError,
  KeyInvalidError,
  PayloadInvalidError,
  PayloadTooLargeError,
  ShuttingDownError,
  StoreFailedError,
  TooLateError,
  VersionMismatchError,
} from './errors.ts';
import type { NonRetriableError, RetryAfterError } from './retry-errors.ts';

/** Every error of this package; its `code` says which. */
export type AsyncHttpError =
  | DeliveryFailedError
  | ExtensionUnreachableError
  | HandlerUnavailableError
  | JournalUnwritableError
  | KeyConflictError
  | KeyInvalidError
  | NonRetriableError
  | PayloadInvalidError
  | PayloadTooLargeError
  | RetryAfterError
  | ShuttingDownError
  | StoreFailedError
  | TooLateError
  | VersionMismatchError;

export type AsyncHttpErrorCode = AsyncHttpError['code'];

/** An object, so that none can be forgotten. */
const CODES: Record<AsyncHttpErrorCode, true> = {
  ASYNC_HTTP_DELIVERY_FAILED: true,
  ASYNC_HTTP_EXTENSION_UNREACHABLE: true,
  ASYNC_HTTP_HANDLER_UNAVAILABLE: true,
  ASYNC_HTTP_JOURNAL_UNWRITABLE: true,
  ASYNC_HTTP_KEY_CONFLICT: true,
  ASYNC_HTTP_KEY_INVALID: true,
  ASYNC_HTTP_NON_RETRIABLE: true,
  ASYNC_HTTP_PAYLOAD_INVALID: true,
  ASYNC_HTTP_PAYLOAD_TOO_LARGE: true,
  ASYNC_HTTP_RETRY_AFTER: true,
  ASYNC_HTTP_SHUTTING_DOWN: true,
  ASYNC_HTTP_STORE_FAILED: true,
  ASYNC_HTTP_TOO_LATE: true,
  ASYNC_HTTP_VERSION_MISMATCH: true,
};

/**
 * Whether something that was caught is an error of this package, also of another copy of it: the layer, npm, ES modules
 * and CommonJS each have their own, so `instanceof` is not enough.
 *
 * | code | |
 * | --- | --- |
 * | `ASYNC_HTTP_PAYLOAD_INVALID` | The event is not JSON, its schema refuses it, or the context is not Lambda's: `subject`, `issues` |
 * | `ASYNC_HTTP_PAYLOAD_TOO_LARGE` | The job does not fit the hand-off, a destination, or the queue |
 * | `ASYNC_HTTP_EXTENSION_UNREACHABLE` | No extension, or no answer in time: `reason`, `path` |
 * | `ASYNC_HTTP_HANDLER_UNAVAILABLE` | `ASYNC_HANDLER` or another variable is wrong, or the handler cannot be loaded |
 * | `ASYNC_HTTP_JOURNAL_UNWRITABLE` | The function's `/tmp` is full, or cannot be written |
 * | `ASYNC_HTTP_KEY_INVALID` | A key or its `ttl` is wrong |
 * | `ASYNC_HTTP_KEY_CONFLICT` | The key stands for a job with another payload: `jobId` |
 * | `ASYNC_HTTP_SHUTTING_DOWN` | The function times out in a moment, or Lambda ends the environment |
 * | `ASYNC_HTTP_TOO_LATE` | The request was over, and nothing held the environment |
 * | `ASYNC_HTTP_DELIVERY_FAILED` | The job could not be delivered to the queue or function of `ASYNC_HTTP_DELIVERY` |
 * | `ASYNC_HTTP_STORE_FAILED` | The DynamoDB table of `ASYNC_HTTP_STORE` could not be used |
 * | `ASYNC_HTTP_VERSION_MISMATCH` | Client and layer speak different versions of their contract |
 * | `ASYNC_HTTP_NON_RETRIABLE` | A background handler's `NonRetriableError` |
 * | `ASYNC_HTTP_RETRY_AFTER` | A background handler's `RetryAfterError`: `retryAfterMs` |
 *
 * @param code only this one; the error then has the type, and so the facts, of that code
 */
export function isAsyncHttpError<TCode extends AsyncHttpErrorCode>(
  error: unknown,
  code?: TCode,
): error is Extract<AsyncHttpError, { readonly code: TCode }> {
  const { code: found } = Object(error) as { code?: unknown };
  return typeof found === 'string' && Object.hasOwn(CODES, found) && (code ?? found) === found;
}
