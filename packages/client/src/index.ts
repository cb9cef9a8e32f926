export type { AsyncContext, AsyncHandler } from './async-handler.ts';
export {
  type Client,
  createClient,
  type Environment,
  type HandOffOptions,
  type SendArgsOptions,
} from './client.ts';
export {
  DeliveryFailedError,
  ExtensionUnreachableError,
  HandlerUnavailableError,
  JournalUnwritableError,
  PayloadInvalidError,
  type PayloadIssue,
  PayloadTooLargeError,
  ShuttingDownError,
  UnexpectedAnswerError,
  VersionMismatchError,
} from './errors.ts';
export type { LambdaContext } from './lambda-context.ts';
export { NonRetriableError, RetryAfterError } from './retry-errors.ts';
export { sendArgs } from './send-args.ts';
export { NoHoldError, type NoHoldReason } from './wait-until/no-hold-error.ts';
export { getDeadline, type Work, waitUntil } from './wait-until/wait-until.ts';
export { beginRequest, withWaitUntil } from './wait-until/with-wait-until.ts';
