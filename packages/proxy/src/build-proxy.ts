import {
  assertSchema,
  type Client,
  type HandedOff,
  type JobKey,
  type LambdaContext,
} from '@async-http/client';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { badRequest } from './bad-request.ts';
import { type Checked, checkBody, checkEvent } from './check-event.ts';

/**
 * Computes the reply once the job has been accepted; may be async. Its result is what Lambda returns.
 *
 * @typeParam TJob the event as it was handed off: with what `body` and `schema` have made of it
 */
export type Respond<TJob = unknown> = (
  event: TJob,
  context: LambdaContext,
  job: HandedOff,
) => unknown;

export interface ProxyOptions<TJob = unknown> {
  /** For the body of an HTTP request, which is parsed as JSON. The job's event has the schema's output as its body. */
  readonly body?: StandardSchemaV1 | undefined;
  /** For the event as a whole, after `body`. The job's event is the schema's output. */
  readonly schema?: StandardSchemaV1 | undefined;
  /**
   * What identifies the work, such as the id of a webhook delivery: while the job with this key is open, or has
   * succeeded within its `ttl`, the request is answered without a further job. Other environments know the key only with
   * `ASYNC_HTTP_STORE`. See `jobKey()`.
   */
  readonly key?: ((event: TJob, context: LambdaContext) => JobKey | undefined) | undefined;
  /** The reply, or a function that computes it. Left out, it is `CUSTOM_RES`. */
  readonly response?: Respond<TJob> | Data | string | number | boolean | null;
}

/** Any object but a function: those have to be a `Respond`. */
type Data = (object & { readonly apply?: never }) | { readonly [name: string]: unknown };

/**
 * Two parameters: the runtime client of Node.js 24 refuses a handler that declares a third.
 *
 * @typeParam TJob the event that is handed off, see `JobEvent`
 */
export interface ProxyHandler<TEvent = unknown, TJob = TEvent> {
  (event: TEvent, context: LambdaContext): Promise<unknown>;
  /** For types only: it is never there. */
  readonly '~job'?: TJob;
}

export function buildProxy(
  { handOff, beginInvocation }: Client,
  { body, schema, key, response }: ProxyOptions<never>,
): ProxyHandler<unknown, never> {
  // While the function starts, and not with the first request.
  if (body !== undefined) assertSchema(body, 'body option of createProxy');
  if (schema !== undefined) assertSchema(schema, 'schema option of createProxy');
  const respond = (typeof response === 'function' ? response : () => response) as Respond;

  async function check(event: unknown): Promise<Checked> {
    const checked = body ? await checkBody(event, body) : { event };
    return checked.refusal || !schema ? checked : checkEvent(checked.event, schema);
  }

  return async (event, context) => {
    const end = beginInvocation(context);
    try {
      const { event: checked, refusal } = await check(event);
      if (refusal) return badRequest(event as object, refusal);
      const job = await handOff(checked, context, {
        key: key?.(checked as never, context),
        // A schema may have dropped them.
        headers: Object(event).headers,
      });
      return await respond(checked, context, job);
    } finally {
      end();
    }
  };
}
