import type { Environment } from './client.ts';
import type { Envelope } from './delivery-envelope.ts';
import { isHeaderValue } from './header-value.ts';
import { toJobJson } from './job-json.ts';
import { type LambdaContext, readContext } from './lambda-context.ts';
import { post } from './post.ts';
import { nextIdempotencyKey, runConnections } from './process-state.ts';
import {
  type ContextData,
  DEFAULT_SOCKET_PATH,
  HEADERS,
  RUNS_PATH,
  type RunResult,
  SOCKET_VARIABLE,
} from './protocol.ts';
import { readRunResult } from './read-answer.ts';

/**
 * Has the extension of this environment run one attempt of a job that an engine delivered, in the handler
 * process, and waits for its end: there is no limit but the time of this request.
 *
 * @param context of the consumer's own request
 * @throws an error whose `code` is one of those of `sendArgs`, when the attempt could not be started or its
 * end is not known. A background handler that fails is no error here, but a result.
 */
export type RunJob = (
  job: Envelope,
  context: LambdaContext,
  options: { readonly attempt: number },
) => Promise<RunResult>;

/** Kept back from the request's time, so that the consumer can still say what has become of other jobs. */
const REPLY_RESERVE_MS = 100;
const MIN_WAIT_MS = 100;

/** @param env read at each call: `ASYNC_HTTP_SOCKET` and `_X_AMZN_TRACE_ID` */
export function createRunner(env: Environment): RunJob {
  return async (job, context, { attempt }) => {
    const { data: here, deadlineMs, remainingMs } = readContext(context);
    const traceId = job.traceId ?? here.xRayTraceId ?? env._X_AMZN_TRACE_ID;
    const answer = await post(
      {
        socketPath: env[SOCKET_VARIABLE] || DEFAULT_SOCKET_PATH,
        path: RUNS_PATH,
        headers: {
          [HEADERS.requestId]: here.awsRequestId,
          [HEADERS.deadlineMs]: deadlineMs,
          [HEADERS.idempotencyKey]: nextIdempotencyKey(),
          [HEADERS.jobId]: job.jobId,
          [HEADERS.originRequestId]: job.requestId,
          [HEADERS.acceptedAt]: job.acceptedAt,
          [HEADERS.attempt]: attempt,
          ...(isHeaderValue(traceId) && { [HEADERS.traceId]: traceId }),
        },
        body: toJobJson(job.event, contextOf(job, here)),
        connections: runConnections(),
      },
      Math.max(MIN_WAIT_MS, remainingMs - REPLY_RESERVE_MS),
    );
    return readRunResult(answer);
  };
}

/** Who asked is told by the request that handed the job off, and where the job runs by this one. */
function contextOf({ context, requestId }: Envelope, here: ContextData): ContextData {
  return {
    ...here,
    awsRequestId: requestId,
    clientContext: context.clientContext,
    identity: context.identity,
    tenantId: context.tenantId,
    xRayTraceId: context.xRayTraceId,
  };
}
