// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in the figures of Lambda's error texts.

/** Event of a synchronous invoke: 6 MiB. */
export const MAX_EVENT_BYTES = 6_291_456;
/** Event of an asynchronous invoke: 1 MiB. */
export const MAX_ASYNC_EVENT_BYTES = 1_048_576;
/** Response that is not streamed: 6 MiB and 100 bytes. */
export const MAX_RESPONSE_BYTES = 6_291_556;
/** Streamed response. */
export const MAX_STREAMED_BYTES = 209_715_200;
