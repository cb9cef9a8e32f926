import type { StandardSchemaV1 } from '@standard-schema/spec';
import { applySchema } from './apply-schema.ts';
import { PayloadTooLargeError } from './errors.ts';
import { isHeaderValue } from './header-value.ts';
import { toJobJson } from './job-json.ts';
import { type LambdaContext, readContext } from './lambda-context.ts';
import { post } from './post.ts';
import { nextIdempotencyKey } from './process-state.ts';
import {
  DEFAULT_SOCKET_PATH,
  endPath,
  HEADERS,
  JOBS_PATH,
  MAX_BODY_BYTES,
  SOCKET_VARIABLE,
} from './protocol.ts';
import { readAnswer } from './read-answer.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface SendArgsOptions {
  /** Applied to the event before it is sent; the background handler gets the schema's output. */
  readonly schema?: StandardSchemaV1 | undefined;
}

export interface HandOffOptions extends SendArgsOptions {
  /**
   * `true` when the request does nothing with the extension after this hand-off: then no
   * {@link Client.endInvocation} needs to follow. If the hand-off fails, it still does.
   */
  readonly isLast?: boolean;
}

/** What a wrapper around handlers needs; a handler itself only needs `sendArgs`. */
export interface Client {
  /** `sendArgs`, which can also say that it is the last thing of its request. */
  handOff(
    event: unknown,
    context: LambdaContext,
    options?: HandOffOptions,
  ): Promise<{ jobId: string }>;

  /**
   * Tells the extension that the function is done with this request, so that it need not wait for
   * Lambda to say so. Settles within a second and never rejects: without this message the environment
   * only stays awake a little longer.
   */
  endInvocation(requestId: string): Promise<void>;
}

/** A hand-off that has not been answered by then will not be: the handler has 10 s to load. */
const MAX_WAIT_MS = 15_000;

/** Kept back from the request's remaining time, so that the function can still reply. */
const REPLY_RESERVE_MS = 100;

/** An extension that is well answers in less than a millisecond, so even a late request gets its try. */
const MIN_WAIT_MS = 100;

const END_WAIT_MS = 1_000;

/**
 * Builds a client for the extension at the socket that the environment names. It holds no state of its
 * own: all clients of a process share their connections.
 *
 * @param env read at each call: `ASYNC_HTTP_SOCKET` and `_X_AMZN_TRACE_ID`.
 */
export function createClient(env: Environment): Client {
  const socketPath = () => env[SOCKET_VARIABLE] || DEFAULT_SOCKET_PATH;

  return {
    async handOff(event, context, { schema, isLast = false } = {}) {
      const checked = schema === undefined ? event : await applySchema(schema, event);
      const { data, deadlineMs, remainingMs } = readContext(context);
      const body = encode(toJobJson(checked, data));

      // On Lambda Managed Instances only the context knows the trace id; elsewhere some contexts lack it.
      const traceId = data.xRayTraceId ?? env._X_AMZN_TRACE_ID;
      const headers = {
        [HEADERS.requestId]: data.awsRequestId,
        [HEADERS.deadlineMs]: deadlineMs,
        [HEADERS.idempotencyKey]: nextIdempotencyKey(),
        ...(isHeaderValue(traceId) && { [HEADERS.traceId]: traceId }),
        ...(isLast && { [HEADERS.end]: '1' }),
      };
      const message = { socketPath: socketPath(), path: JOBS_PATH, headers, body };
      return readAnswer(await post(message, waitFor(remainingMs)));
    },

    async endInvocation(requestId) {
      try {
        await post({ socketPath: socketPath(), path: endPath(requestId) }, END_WAIT_MS);
      } catch {
        // The extension learns of the end from Lambda as well, only later.
      }
    },
  };
}

/** A small text goes out in one write with the headers; for a large one, a buffer takes half the time. */
function encode(json: string): string | Buffer {
  const body = json.length < 65_536 ? json : Buffer.from(json);
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) throw new PayloadTooLargeError(describeTooLarge(bytes));
  return body;
}

function waitFor(remainingMs: number): number {
  return Math.max(MIN_WAIT_MS, Math.min(remainingMs - REPLY_RESERVE_MS, MAX_WAIT_MS));
}

function describeTooLarge(bytes: number): string {
  return (
    `The event and its context make ${bytes} bytes of JSON, and the async-http extension takes at most ${MAX_BODY_BYTES}, so no job was started. ` +
    'Put the data into S3 and hand over its key.'
  );
}
