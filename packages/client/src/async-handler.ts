import type { Trace } from './protocol/trace.ts';

/**
 * What `ASYNC_HANDLER` names. Its result is not sent to anybody; a throw or a rejection ends the attempt.
 *
 * @typeParam TEvent the event as it was handed off, after JSON (and the schema, if one was used).
 */
export type AsyncHandler<TEvent = unknown> = (event: TEvent, context: AsyncContext) => unknown;

/** Context of a background handler: that of the request which handed the job off, and what is known about the job. */
export interface AsyncContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext?: unknown;
  readonly identity?: unknown;
  readonly tenantId?: string | undefined;
  readonly xRayTraceId?: string | undefined;
  /** The trace of the request that handed the job off, for a tracer or for your own calls. */
  readonly trace?: Trace | undefined;
  /** `<awsRequestId>.<n>`, as `sendArgs` returned it. */
  readonly jobId: string;
  /** 1 for the first run of the job, and one more for each retry. */
  readonly attempt: number;
  /** Aborts shortly before the function's deadline, and when Lambda ends the environment. Stop and clean up then. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline of the request that handed the job off. */
  getRemainingTimeInMillis(): number;
}
