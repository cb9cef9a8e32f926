import type { Trace } from './trace.ts';

/** Why hand-offs are refused. */
export type RefusalCode =
  | 'ASYNC_HTTP_VERSION_MISMATCH'
  | 'ASYNC_HTTP_PAYLOAD_TOO_LARGE'
  | 'ASYNC_HTTP_HANDLER_UNAVAILABLE'
  | 'ASYNC_HTTP_SHUTTING_DOWN'
  | 'ASYNC_HTTP_DELIVERY_FAILED';

/** The message is a complete sentence for the user of the client. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

/** How one attempt of an engine's job has ended. */
export type RunResult =
  | {
      readonly status: 'succeeded';
      /** What the background handler returned; `null` for `undefined`, and where JSON cannot hold it. */
      readonly result: unknown;
    }
  | {
      readonly status: 'failed';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
      /** Of a `RetryAfterError`. */
      readonly retryAfterMs?: number | undefined;
      /** False when a retry cannot help. */
      readonly retriable: boolean;
      /** The failure is at its destination, so the job is settled: the engine need not keep it. */
      readonly isRecorded: boolean;
    };

/** What the extension answers to a delivery or a run. */
export type Answer =
  | { readonly status: 'refused'; readonly refusal: Refusal }
  | { readonly status: 'delivered' }
  | RunResult;

/**
 * The data of a Lambda context: what is left of it as JSON, without its functions.
 * `getRemainingTimeInMillis()` is rebuilt from the deadline.
 */
export interface ContextData {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly functionVersion?: string | undefined;
  /** A decimal number in a string, as Lambda has it. */
  readonly memoryLimitInMB?: string | undefined;
  readonly logGroupName?: string | undefined;
  readonly logStreamName?: string | undefined;
  readonly clientContext?: unknown;
  readonly identity?: unknown;
  readonly tenantId?: string | undefined;
  readonly xRayTraceId?: string | undefined;
  /** Added by the hand-off; see `readTrace()`. */
  readonly trace?: Trace | undefined;
}
