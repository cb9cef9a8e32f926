import type { Envelope } from '../protocol/envelope.ts';
import type { ContextData, RunResult } from '../protocol/index.ts';
import { awaitAnswer } from './await-answer.ts';
import type { Environment } from './client.ts';
import { toJobJson } from './job-json.ts';
import { jobLog } from './job-log.ts';
import { type LambdaContext, readContext } from './lambda-context.ts';
import { xRayFacts } from './x-ray-facts.ts';

/**
 * Has the extension of this environment run one attempt of a job that an engine delivered, in the handler
 * process, and waits for its end: there is no limit but the time of this request.
 *
 * @param context of the consumer's own request
 * @throws an error whose `code` is one of those of `sendArgs`, when the attempt could not be started or its
 * end is not known. A background handler that fails is not an error here, but a result.
 */
export type RunJob = (
  job: Envelope,
  context: LambdaContext,
  options: { readonly attempt: number },
) => Promise<RunResult>;

/** Kept back from the request's time, so that the consumer can still say what has become of other jobs. */
const REPLY_RESERVE_MS = 100;

/** @param env the function's variables; `_X_AMZN_TRACE_ID` is read at each call */
export function createRunner(env: Environment): RunJob {
  const log = jobLog(env);
  return async (job, context, { attempt }) => {
    const { data: here, deadlineMs, remainingMs } = readContext(context);
    const traceId = job.traceId ?? here.xRayTraceId ?? env._X_AMZN_TRACE_ID;
    const json = toJobJson(job.event, contextOf(job, here));
    const { place } = log.append(
      {
        kind: 'run',
        jobId: job.jobId,
        requestId: here.awsRequestId,
        originRequestId: job.requestId,
        deadlineMs,
        acceptedAt: job.acceptedAt,
        attempt,
        ...xRayFacts(traceId, env),
      },
      json.event,
      json.context,
      json,
    );
    return (await awaitAnswer(log, place, remainingMs - REPLY_RESERVE_MS)) as RunResult;
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
    trace: context.trace,
  };
}
