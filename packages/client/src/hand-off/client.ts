import type { StandardSchemaV1 } from '@standard-schema/spec';
import { PayloadTooLargeError, ShuttingDownError, TooLateError } from '../errors.ts';
import { MAX_BODY_BYTES, readSettings, reasonNotRecordable } from '../protocol/index.ts';
import { abortTime } from '../protocol/margin.ts';
import { requestOf } from '../requests/current-request.ts';
import { shared } from '../shared.ts';
import { applySchema } from './apply-schema.ts';
import { awaitAnswer } from './await-answer.ts';
import { currentTrace } from './current-trace.ts';
import { toJobJson } from './job-json.ts';
import { jobLog } from './job-log.ts';
import { type Appended, checkKey, type JobKey } from './keyed-hand-off.ts';
import { type LambdaContext, readContext } from './lambda-context.ts';
import { problemOfHandler, readRefusal, refusalError } from './refusals.ts';
import { reportOnce, reportRefused } from './report-settings.ts';
import { tell } from './tell.ts';
import { xRayFacts } from './x-ray-facts.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface SendArgsOptions {
  /** Applied to the event before it is handed off; the background handler gets the schema's output. */
  readonly schema?: StandardSchemaV1 | undefined;
  /** What identifies the work, made by `jobKey()`: it is not started twice. */
  readonly key?: JobKey | undefined;
  /**
   * Of the HTTP request: where the trace of the job is read from, if OpenTelemetry has none. Default: the `headers` of
   * the event.
   */
  readonly headers?: object | undefined;
}

/** A job that the extension has accepted, or that its key stands for already. */
export interface HandedOff {
  /** `<awsRequestId>.<n>`, or with `ASYNC_HTTP_STORE` `<awsRequestId>.<22 random characters>`, which cannot be guessed. */
  readonly jobId: string;
  /** Whether the key stood for this job already, so that nothing was started. */
  readonly isDuplicate: boolean;
}

/** What a wrapper around handlers needs; a handler itself only needs `sendArgs`. */
export interface Client {
  /** `sendArgs`. */
  handOff(event: unknown, context: LambdaContext, options?: SendArgsOptions): Promise<HandedOff>;

  /**
   * For a wrapper around a handler, or a whole handler: its request begins.
   *
   * @returns to be called when the handler has ended: reports that to the extension, where the runtime does not show it
   */
  beginInvocation(context: LambdaContext): () => void;
}

/** How long a hand-off waits for a queue that does not answer. */
const MAX_WAIT_MS = 15_000;

/** Kept back from the request's remaining time, so that the function can still reply. */
const REPLY_RESERVE_MS = 100;

/**
 * Builds a client for the extension of this environment. It holds no state of its own: all clients of a process
 * share their log and their bell.
 *
 * @param env the function's variables; `_X_AMZN_TRACE_ID` is read at each call
 */
export function createClient(env: Environment): Client {
  const { bell, requests, isRuntime } = shared(env);
  const log = jobLog(env);
  const settings = readSettings(env);
  const problem = problemOfHandler(settings, env);
  if (isRuntime) reportOnce(settings, problem, env);

  /** @throws when the job cannot be accepted */
  function refuseUnlessPossible({ awsRequestId }: LambdaContext, deadlineMs: number): void {
    tell(() => bell.connect());
    if (problem !== undefined) {
      reportRefused(problem);
      throw refusalError({
        code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
        message: `The background handler cannot run, so the job was not accepted: ${problem}.`,
      });
    }
    if (isRuntime && requests.isOver(awsRequestId) && !requests.isHeld) {
      throw new TooLateError(
        `sendArgs was called when request ${awsRequestId} was over and nothing held the environment, so the job was not accepted. ` +
          'Await it before the handler returns, or call it from work that waitUntil waits for.',
      );
    }
    if (Date.now() >= abortTime(deadlineMs, settings.deadlineMarginMs)) {
      throw new ShuttingDownError(
        `The function times out in ${deadlineMs - Date.now()} ms, so the job was not accepted. Send the request again, or give the function a longer timeout.`,
      );
    }
  }

  function refuseIfBroken(): void {
    const refusal = readRefusal(log.folder);
    if (!refusal) return;
    // The reason may have passed: the extension tries once more, for the next one.
    if (refusal.code === 'ASYNC_HTTP_HANDLER_UNAVAILABLE')
      tell(() => bell.ring({ type: 'reload' }));
    throw refusalError(refusal);
  }

  return {
    async handOff(event, context, { schema, key, headers } = {}) {
      const checked = schema === undefined ? event : await applySchema(schema, event);
      const { data, deadlineMs, remainingMs } = readContext(context);
      refuseUnlessPossible(context, deadlineMs);
      const { engine } = settings;
      const job = toJobJson(checked, { ...data, trace: currentTrace(event, headers) });
      refuseTooLarge(job.eventBytes + job.contextBytes);
      // What an engine takes, it records itself.
      const reason = engine ? undefined : reasonNotRecordable(job.event, job.eventBytes, settings);
      if (reason !== undefined) throw new PayloadTooLargeError(reason);
      refuseIfBroken();
      checkKey(key);
      const limitMs = remainingMs - REPLY_RESERVE_MS;
      // With a store, anyone who knows the id can ask for the state.
      const newId = env.ASYNC_HTTP_STORE ? newJobId(data.awsRequestId) : undefined;

      function append(): Appended {
        // On Lambda Managed Instances only the context knows the trace id; elsewhere some contexts lack it.
        const traceId = data.xRayTraceId ?? env._X_AMZN_TRACE_ID;
        const { jobId, place } = log.append(
          {
            kind: engine ? 'delivery' : 'job',
            requestId: data.awsRequestId,
            deadlineMs,
            acceptedAt: Date.now(),
            ...(newId && { jobId: newId }),
            ...xRayFacts(traceId, env),
            ...(key && { keyHash: key.hash }),
          },
          job.event,
          job.context,
          job,
        );
        return {
          jobId,
          accepted: engine && awaitAnswer(log, place, Math.min(limitMs, MAX_WAIT_MS)),
          hasFailed: () => log.hasFailed(place),
        };
      }

      if (!key) {
        const { jobId, accepted } = append();
        await accepted;
        return { jobId, isDuplicate: false };
      }
      return key.handOff({
        folder: log.folder,
        event: checked,
        store:
          newId === undefined ? undefined : { env, jobId: newId, openUntilMs: deadlineMs, limitMs },
        append() {
          // To ask the store has taken time.
          if (newId) refuseUnlessPossible(context, deadlineMs);
          return append();
        },
      });
    },

    beginInvocation(context) {
      const request = requestOf(context);
      return request ? requests.begin(request) : () => {};
    },
  };
}

/** With 128 random bits, so that it cannot be guessed. */
function newJobId(requestId: string): string {
  return `${requestId}.${crypto.getRandomValues(Buffer.alloc(16)).toString('base64url')}`;
}

function refuseTooLarge(bytes: number): void {
  if (bytes <= MAX_BODY_BYTES) return;
  throw new PayloadTooLargeError(
    `The event and its context make ${bytes} bytes of JSON, and at most ${MAX_BODY_BYTES} are taken, so no job was started. ` +
      'Put the data into S3 and hand over its key.',
  );
}
