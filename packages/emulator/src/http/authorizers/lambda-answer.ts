import type { LambdaAuthorizer } from '../../project/project.ts';
import { isRecord, type Values } from '../../project/record.ts';
import { evaluatePolicy } from './policy.ts';
import type { LambdaPass, Verdict } from './verdict.ts';

export interface JudgeOptions {
  readonly authorizer: LambdaAuthorizer;
  /** ARN of what is called, which policies name. */
  readonly arn: string;
  readonly latencyMs: number;
}

/**
 * What the answer of an authorizer's function means.
 *
 * @throws when the answer is malformed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function judgeAnswer(
  value: unknown,
  { authorizer, arn, latencyMs }: JudgeOptions,
): Verdict<LambdaPass> {
  const { name, simpleResponses } = authorizer;
  if (!isRecord(value)) throw new TypeError('it is not an object');
  const context = readContext(value.context, authorizer);
  const { isAuthorized, principalId, policyDocument, usageIdentifierKey } = value;
  if (policyDocument === undefined && isAuthorized !== undefined && !simpleResponses) {
    throw new TypeError('isAuthorized counts only where simple responses are enabled');
  }
  if (policyDocument === undefined && simpleResponses) {
    if (typeof isAuthorized !== 'boolean') throw new TypeError('isAuthorized is not a boolean');
    return isAuthorized
      ? { kind: 'allowed', pass: { principalId: undefined, context, latencyMs } }
      : deny(`the authorizer ${name} answered isAuthorized: false`);
  }
  switch (evaluatePolicy(policyDocument, arn)) {
    case 'allowed': {
      const principal = principalId === undefined ? undefined : String(principalId);
      const usage = typeof usageIdentifierKey === 'string' && { usageKey: usageIdentifierKey };
      return { kind: 'allowed', pass: { principalId: principal, context, latencyMs, ...usage } };
    }
    case 'denied':
      return deny(`the policy of the authorizer ${name} does not allow ${arn}`);
    case 'denied explicitly':
      return deny(`the policy of the authorizer ${name} denies ${arn}`, { isExplicit: true });
  }
}

const deny = (problem: string, { isExplicit = false } = {}) =>
  ({ kind: 'denied', isExplicit, problem }) as const;

function readContext(context: unknown, { input }: LambdaAuthorizer): Values {
  if (context === undefined || context === null) return {};
  if (!isRecord(context)) throw new TypeError('context is not an object');
  const isOfRestApi = input === 'TOKEN' || input === 'REQUEST';
  const nested = Object.keys(context).find((key) => isNested(context[key]));
  if (isOfRestApi && nested !== undefined) {
    throw new TypeError(
      `context.${nested} is an object or a list; a REST API takes only text, numbers and booleans`,
    );
  }
  return context;
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;
