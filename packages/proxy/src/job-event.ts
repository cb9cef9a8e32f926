import type { ProxyHandler } from './build-proxy.ts';

/** A value after `JSON.stringify` and `JSON.parse`, as a job carries it: a `Date` is a string. */
export type AsJson<T> = unknown extends T
  ? T
  : T extends { toJSON(...args: never[]): infer TJson }
    ? AsJson<TJson>
    : T extends object
      ? { [K in keyof T]: AsJson<T[K]> }
      : T;

/**
 * The event of the background handler behind a proxy:
 *
 * ```ts
 * export const handler = createProxy({ body: Order });
 * export const background: AsyncHandler<JobEvent<typeof handler>> = async ({ body }) => …
 * ```
 */
export type JobEvent<TProxy> =
  TProxy extends ProxyHandler<never, infer TJob> ? AsJson<TJob> : never;
