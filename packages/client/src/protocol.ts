/**
 * The wire contract between the function process (client) and the extension: HTTP/1.1 over a Unix socket.
 *
 * Constants, types and pure functions only, so that the extension can bundle this file without paying
 * for anything else while a function starts. A client process may keep several connections open; it
 * keeps each of them for as long as it lives, so when the last one closes, the process has ended.
 */

/** Sent by both sides in the header {@link HEADERS.version}. Changes when an older peer could misread us. */
export const PROTOCOL_VERSION = '1';

/** Environment variable that moves the socket. Function and extension see the same value. */
export const SOCKET_VARIABLE = 'ASYNC_HTTP_SOCKET';

/** Where the extension listens when {@link SOCKET_VARIABLE} is not set. */
export const DEFAULT_SOCKET_PATH = '/tmp/async-http/extension.sock';

/** Largest body of a hand-off, in bytes: well above the 6 MB that Lambda lets into a function. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Header names, in the lower case in which Node.js delivers them. */
export const HEADERS = {
  /** Both directions, on every message: {@link PROTOCOL_VERSION}. */
  version: 'async-http-version',
  /** `awsRequestId` of the request that hands the job off. */
  requestId: 'async-http-request-id',
  /** Deadline of that request: wall-clock time in whole milliseconds since the epoch. */
  deadlineMs: 'async-http-deadline-ms',
  /** X-Ray trace id of that request. Left out when there is none. */
  traceId: 'async-http-trace-id',
  /** `1` when this hand-off is the last thing its request does, so that no end message follows. */
  end: 'async-http-end',
  /** The same value on a repeated hand-off, so that the extension answers again but runs the job once. */
  idempotencyKey: 'idempotency-key',
  /** On a run: the id that the job got when it was accepted. */
  jobId: 'async-http-job-id',
  /** On a run: `awsRequestId` of the request that handed the job off. */
  originRequestId: 'async-http-origin-request-id',
  /** On a run: when the job was accepted, in wall-clock milliseconds since the epoch. */
  acceptedAt: 'async-http-accepted-at',
  /** On a run: which attempt of the job this is, from 1. */
  attempt: 'async-http-attempt',
} as const;

/** `POST`, body {@link JobBody}. Answers 202 {@link Accepted}, or 400, 413, 503 {@link Refusal}. */
export const JOBS_PATH = '/jobs';

/**
 * `POST`, body {@link JobBody}: one attempt of a job that an engine has kept, asked for by its consumer.
 * Headers as for {@link JOBS_PATH}, about the consumer's own request, except for the trace id, which is the
 * job's; and those that are said to be for a run. Answers 200 {@link RunResult} when the attempt has ended,
 * which takes as long as the background handler does, or refuses as {@link JOBS_PATH} does.
 */
export const RUNS_PATH = '/runs';

/**
 * `POST`, headers {@link HEADERS.version}, {@link HEADERS.requestId} and {@link HEADERS.deadlineMs}, and a
 * chunked body without bytes that stays open: it is the lease. Answers 200 at once, which means that the
 * environment is held, or 400 and 503 {@link Refusal}; the answer's body stays open as well.
 *
 * The client ends the lease by ending its body; then the answer ends, and the connection can carry the
 * next request. An answer that ends first says that the hold is over: its time is up, or the environment
 * is ending. A connection that closes says that the function process has died. Without a request id the
 * lease belongs to the invocation that is running.
 */
export const LEASES_PATH = '/leases';

/** Path of `POST /invocations/{requestId}/end`: the function is done with this request. Answers 204, without a body. */
export function endPath(requestId: string): string {
  return `/invocations/${encodeURIComponent(requestId)}/end`;
}

/** The request id in a path made by {@link endPath}, or `undefined` for any other path. */
export function requestIdFromEndPath(path: string): string | undefined {
  const encoded = /^\/invocations\/([^/]+)\/end$/.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // Not percent-encoding, so nothing that endPath() made.
  }
}

/** What a refusal's `code` can be, and the status that goes with it. */
export const REFUSAL_STATUS = {
  /** The client speaks another version of this contract. */
  ASYNC_HTTP_VERSION_MISMATCH: 400,
  /** Anything that a client of this version never sends. Also answered with 404 (path) and 405 (method). */
  ASYNC_HTTP_BAD_REQUEST: 400,
  /** The body is larger than {@link MAX_BODY_BYTES}, or than a destination could take. */
  ASYNC_HTTP_PAYLOAD_TOO_LARGE: 413,
  /** The background handler is not configured, cannot be loaded, or does not finish loading. */
  ASYNC_HTTP_HANDLER_UNAVAILABLE: 503,
  /** Lambda is ending the environment. */
  ASYNC_HTTP_SHUTTING_DOWN: 503,
  /** The job could not be kept, because /tmp is full or cannot be written. */
  ASYNC_HTTP_JOURNAL_UNWRITABLE: 503,
  /** The engine that `ASYNC_HTTP_DELIVERY` names did not take the job. */
  ASYNC_HTTP_DELIVERY_FAILED: 503,
} as const;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** Body of a refusal (any 4xx and 5xx). The message is a complete sentence for the user of the client. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

/** Body of a 202: the extension holds the environment until this job has settled. */
export interface Accepted {
  /** `<awsRequestId>.<n>` */
  readonly jobId: string;
}

/** Body of the answer to a run. */
export type RunResult =
  | {
      readonly status: 'succeeded';
      /** What the background handler returned; `null` for `undefined`. */
      readonly result: unknown;
    }
  | {
      readonly status: 'failed';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
      /** Of a `RetryAfterError`. */
      readonly retryAfterMs?: number | undefined;
      /** False when another attempt is of no use. */
      readonly retriable: boolean;
      /** The failure is at its destination, so the job is settled: the engine need not keep it. */
      readonly isRecorded: boolean;
    };

/** Body of a hand-off and of a run. The extension passes it on as bytes; only the handler host parses it. */
export interface JobBody {
  readonly event: unknown;
  readonly context: ContextData;
}

/**
 * The data of a Lambda context: what is left of it as JSON, without its functions.
 * `getRemainingTimeInMillis()` is rebuilt from the header {@link HEADERS.deadlineMs}.
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
}

/**
 * Says which side has to be updated; used by whichever side notices.
 * A version is `undefined` when the peer sent none.
 */
export function describeVersionMismatch(versions: {
  readonly client: string | undefined;
  readonly extension: string | undefined;
}): string {
  const { client, extension } = versions;
  if (client === undefined) {
    return (
      `A request without the header ${HEADERS.version} reached the async-http extension, which speaks version ${extension}, so nothing was accepted. ` +
      'Send jobs with @async-http/client.'
    );
  }
  if (extension === undefined) {
    return (
      `What answers on the socket does not name a version of the async-http contract; the client speaks version ${client}, so the job was not accepted. ` +
      `Update the async-http layer, and check that ${SOCKET_VARIABLE} does not point at another program's socket.`
    );
  }
  const update =
    Number(client) < Number(extension)
      ? 'Update @async-http/client (and @async-http/proxy) in the function.'
      : 'Update the async-http layer of the function.';
  return `The client speaks version ${client} of the async-http contract and the extension version ${extension}, so the job was not accepted. ${update}`;
}
