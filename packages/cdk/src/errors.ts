/** What can be wrong with the way the construct is used. */
export type AsyncHttpCdkErrorCode =
  | 'ASYNC_HTTP_CDK_ADDED_TWICE'
  | 'ASYNC_HTTP_CDK_FIFO_DESTINATION'
  | 'ASYNC_HTTP_CDK_IMPORTED_FUNCTION'
  | 'ASYNC_HTTP_CDK_LAYER_MISSING'
  | 'ASYNC_HTTP_CDK_METRICS_OFF'
  | 'ASYNC_HTTP_CDK_TOO_MANY_LAYERS';

/** Thrown where the app calls the construct. What depends on the finished function is reported by the synthesis. */
export class AsyncHttpCdkError extends Error {
  override readonly name = 'AsyncHttpCdkError';
  readonly code: AsyncHttpCdkErrorCode;

  constructor(code: AsyncHttpCdkErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} (${code})`, options);
    this.code = code;
  }
}
