import type { Client, LambdaContext, SendArgsOptions } from '@async-http/client';

/** Computes the reply once the job has been accepted; may be async. Its result is what Lambda returns. */
export type Respond<TEvent = unknown> = (
  event: TEvent,
  context: LambdaContext,
  job: { readonly jobId: string },
) => unknown;

export interface ProxyOptions<TEvent = unknown> {
  /** Applied to the event first; the background handler gets the schema's output. */
  readonly schema?: SendArgsOptions['schema'];
  /** The reply, or a function that computes it. Left out, it is `CUSTOM_RES`. */
  readonly response?: Respond<TEvent> | object | string | number | boolean | null;
}

/** Two parameters: the runtime client of Node.js 24 refuses a handler that declares a third. */
export type ProxyHandler<TEvent = unknown> = (
  event: TEvent,
  context: LambdaContext,
) => Promise<unknown>;

export function buildProxy<TEvent>(
  { handOff, beginInvocation }: Client,
  { schema, response }: ProxyOptions<TEvent>,
): ProxyHandler<TEvent> {
  const respond = typeof response === 'function' ? (response as Respond<TEvent>) : () => response;
  return async (event, context) => {
    const end = beginInvocation(context);
    try {
      const job = await handOff(event, context, { schema });
      return await respond(event, context, job);
    } finally {
      end();
    }
  };
}
