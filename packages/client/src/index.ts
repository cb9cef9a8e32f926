export type { StandardSchemaV1 } from '@standard-schema/spec';
export type { AsyncContext, AsyncHandler } from './async-handler.ts';
export {
  DeliveryFailedError,
  ExtensionUnreachableError,
  HandlerUnavailableError,
  JournalUnwritableError,
  KeyConflictError,
  KeyInvalidError,
  PayloadInvalidError,
  type PayloadIssue,
  PayloadTooLargeError,
  ShuttingDownError,
  StoreFailedError,
  TooLateError,
  VersionMismatchError,
} from './errors.ts';
export {
  type Client,
  createClient,
  type Environment,
  type HandedOff,
  type SendArgsOptions,
} from './hand-off/client.ts';
export { type Duration, type JobKeyOptions, jobKey } from './hand-off/job-key.ts';
export type { Appended, JobKey, KeyedHandOff } from './hand-off/keyed-hand-off.ts';
export type { LambdaContext } from './hand-off/lambda-context.ts';
export { sendArgs } from './hand-off/send-args.ts';
export { assertSchema, type Validated, validate } from './hand-off/validate.ts';
export {
  type AsyncHttpError,
  type AsyncHttpErrorCode,
  isAsyncHttpError,
} from './is-async-http-error.ts';
export type { Trace } from './protocol/trace.ts';
export { NonRetriableError, RetryAfterError } from './retry-errors.ts';
export { getDeadline, type Work, waitUntil } from './wait-until/wait-until.ts';
export { beginRequest, withWaitUntil } from './wait-until/with-wait-until.ts';
