import { isWord } from '../protocol/bell.ts';

/** The request that runs now, as far as this process knows it. */
export interface CurrentRequest {
  readonly requestId?: string | undefined;
  /** Wall-clock ms since the epoch. */
  readonly deadlineMs?: number | undefined;
}

interface ContextLike {
  readonly awsRequestId?: unknown;
  getRemainingTimeInMillis?(): number;
}

/** The request of a Lambda context; undefined for what is not one. */
export function requestOf(context: unknown): (CurrentRequest & { requestId: string }) | undefined {
  const { awsRequestId, getRemainingTimeInMillis }: ContextLike = Object(context);
  if (!isWord(awsRequestId)) return undefined;
  const leftMs = getRemainingTimeInMillis?.call(context);
  return {
    requestId: awsRequestId,
    deadlineMs: leftMs === undefined ? undefined : Math.round(Date.now() + leftMs),
  };
}

/** What we use of the single instance that `@aws/lambda-invoke-store` keeps per process. */
export interface InvokeStore {
  getRequestId?(): string;
  run(context: Record<symbol, unknown>, fn: () => unknown): unknown;
}

/** Where version 3 of AWS's runtime client (Node.js 22) keeps the id of the request, for its log lines. */
const REQUEST_ID_OF_VERSION_3 = /* @__PURE__ */ Symbol.for('aws.lambda.runtime.requestId');

/** What the store answers when no request runs. */
const NO_REQUEST = '-';

export function invokeStore(): InvokeStore | undefined {
  return (globalThis as { awslambda?: { InvokeStore?: InvokeStore } }).awslambda?.InvokeStore;
}

/**
 * The id of the request whose code is running, without anybody passing a context: from AWS's invoke store
 * (Node.js 24, and everywhere on Managed Instances), else from where the older runtime client keeps it.
 */
export function currentRequestId(): string | undefined {
  const stored = invokeStore()?.getRequestId?.();
  if (stored !== undefined && stored !== NO_REQUEST) return stored;
  const id = (globalThis as Record<symbol, unknown>)[REQUEST_ID_OF_VERSION_3];
  return typeof id === 'string' ? id : undefined;
}
