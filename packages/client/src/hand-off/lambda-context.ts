import { PayloadInvalidError, type PayloadIssue } from '../errors.ts';
import type { ContextData } from '../protocol/index.ts';

/**
 * The part of a Lambda context that a hand-off reads. The contexts of every Node.js runtime and of
 * `@types/aws-lambda` fit; further fields are ignored, as what middleware puts there is not ours to copy.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface LambdaContext extends Omit<ContextData, 'trace'> {
  getRemainingTimeInMillis(): number;
}

/** What of it is data. */
const FIELDS: readonly (keyof LambdaContext & keyof ContextData)[] = [
  'awsRequestId',
  'functionName',
  'functionVersion',
  'invokedFunctionArn',
  'memoryLimitInMB',
  'logGroupName',
  'logStreamName',
  'clientContext',
  'identity',
  'tenantId',
  'xRayTraceId',
];

/** What a hand-off needs to know about its request. */
export interface RequestContext {
  readonly data: ContextData;
  /** Wall-clock time in whole milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly remainingMs: number;
}

/**
 * Checks that the value is a Lambda context, and takes its data. By hand: a library for it would be half of this
 * package, and of its time while the function starts.
 *
 * @throws {PayloadInvalidError} naming each field that is wrong.
 */
export function readContext(context: LambdaContext): RequestContext {
  const issues = findIssues(context);
  if (issues.length > 0) throw new PayloadInvalidError({ subject: 'context', issues });

  const remainingMs = context.getRemainingTimeInMillis();
  if (!Number.isFinite(remainingMs)) {
    const message = `must return milliseconds, but returned ${remainingMs}`;
    const issues = [{ path: ['getRemainingTimeInMillis'], message }];
    throw new PayloadInvalidError({ subject: 'context', issues });
  }
  const deadlineMs = Math.round(Date.now() + remainingMs);
  const data = Object.fromEntries(
    FIELDS.map((name) => [name, context[name]]),
  ) as unknown as ContextData;
  return { data, deadlineMs, remainingMs };
}

/** Only what a job cannot do without is checked; the other fields are passed on unchanged. */
function findIssues(context: unknown): PayloadIssue[] {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    return [{ path: [], message: 'must be the context that Lambda passes to the handler' }];
  }
  const issues: PayloadIssue[] = [];
  const check = (name: string, isGood: (value: unknown) => boolean, message: string) => {
    const value = (context as Record<string, unknown>)[name];
    if (!isGood(value)) issues.push({ path: [name], message });
  };
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  check(
    'awsRequestId',
    (value) => typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value),
    'must be printable ASCII without spaces, and not empty',
  );
  for (const name of ['functionName', 'invokedFunctionArn']) {
    check(name, isText, 'must be a string, and not empty');
  }
  check('getRemainingTimeInMillis', (value) => typeof value === 'function', 'must be a function');
  return issues;
}
