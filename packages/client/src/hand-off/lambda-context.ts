import * as z from 'zod/mini';
import { PayloadInvalidError } from '../errors.ts';
import type { ContextData } from '../protocol/index.ts';

/**
 * The part of a Lambda context that a hand-off reads. The contexts of every Node.js runtime and of
 * `@types/aws-lambda` fit; further fields are ignored, as what middleware puts there is not ours to copy.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface LambdaContext extends ContextData {
  getRemainingTimeInMillis(): number;
}

/** What a hand-off needs to know about its request. */
export interface RequestContext {
  readonly data: ContextData;
  /** Wall-clock time in whole milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly remainingMs: number;
}

// Only what a job cannot do without is checked; the other fields are passed on as they are.
const Context = z.object(
  {
    awsRequestId: z
      .string('must be a string')
      .check(
        z.regex(/^[\x21-\x7e]{1,256}$/, 'must be printable ASCII without spaces, and not empty'),
      ),
    functionName: z.string('must be a string').check(z.minLength(1, 'must not be empty')),
    invokedFunctionArn: z.string('must be a string').check(z.minLength(1, 'must not be empty')),
    getRemainingTimeInMillis: z.custom(
      (value) => typeof value === 'function',
      'must be a function',
    ),
  },
  'must be the context that Lambda passes to the handler',
);

/**
 * Checks that the value is a Lambda context, and takes its data.
 *
 * @throws {PayloadInvalidError} naming each field that is wrong.
 */
export function readContext(context: LambdaContext): RequestContext {
  const { error } = Context.safeParse(context);
  if (error) throw new PayloadInvalidError({ subject: 'context', issues: error.issues });

  const remainingMs = context.getRemainingTimeInMillis();
  if (!Number.isFinite(remainingMs)) {
    const message = `must return milliseconds, but returned ${remainingMs}`;
    const issues = [{ path: ['getRemainingTimeInMillis'], message }];
    throw new PayloadInvalidError({ subject: 'context', issues });
  }
  const deadlineMs = Math.round(Date.now() + remainingMs);
  return { data: pickData(context), deadlineMs, remainingMs };
}

function pickData(context: LambdaContext) {
  return {
    awsRequestId: context.awsRequestId,
    functionName: context.functionName,
    functionVersion: context.functionVersion,
    invokedFunctionArn: context.invokedFunctionArn,
    memoryLimitInMB: context.memoryLimitInMB,
    logGroupName: context.logGroupName,
    logStreamName: context.logStreamName,
    clientContext: context.clientContext,
    identity: context.identity,
    tenantId: context.tenantId,
    xRayTraceId: context.xRayTraceId,
  };
}
