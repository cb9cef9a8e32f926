/**
 * What `/opt/proxy.js` of the layer exports: the proxy as a handler, and what a handler of one's own needs.
 */
export {
  DeliveryFailedError,
  ExtensionUnreachableError,
  getDeadline,
  HandlerUnavailableError,
  isAsyncHttpError,
  JournalUnwritableError,
  jobKey,
  KeyConflictError,
  KeyInvalidError,
  NonRetriableError,
  PayloadInvalidError,
  PayloadTooLargeError,
  RetryAfterError,
  ShuttingDownError,
  StoreFailedError,
  sendArgs,
  TooLateError,
  VersionMismatchError,
  waitUntil,
  withWaitUntil,
} from '@async-http/client';
export { consumer } from './consumer.ts';
export { createProxy, handler } from './proxy.ts';
export { createStatus, status } from './status.ts';
