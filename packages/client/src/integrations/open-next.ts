import { waitUntil } from '@async-http/client';

type Handle = (event: never, options?: never) => unknown;

interface Wrapper {
  readonly name: string;
  wrapper(handle: never, converter: never): unknown;
}

/**
 * Gives a wrapper of OpenNext a `waitUntil`, so that Next.js's `after()` and background revalidation no longer
 * hold up the reply. In a file that `override.wrapper` of `open-next.config.ts` names:
 * `export default withOpenNextWaitUntil(awsLambda)`, with `awsLambda` from
 * `@opennextjs/aws/overrides/wrappers/aws-lambda.js` (or `aws-lambda-streaming.js`).
 */
export function withOpenNextWaitUntil<TWrapper extends Wrapper>(base: TWrapper): TWrapper {
  const wrapper = (handle: Handle, converter: unknown) => {
    const withOurs = (event: unknown, options?: object) =>
      (handle as (...args: unknown[]) => unknown)(event, { ...options, waitUntil });
    return (base.wrapper as (...args: unknown[]) => unknown)(withOurs, converter);
  };
  return { ...base, name: `${base.name}-wait-until`, wrapper };
}
