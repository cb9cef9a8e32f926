import { matchesPattern } from '../../policy-pattern.ts';
import { isRecord } from '../../project/record.ts';

export type PolicyResult = 'allowed' | 'denied' | 'denied explicitly';

const INVOKE = 'execute-api:Invoke';

/**
 * Whether an IAM policy lets somebody call a method of an API. Conditions count as met.
 *
 * @throws when it is not a policy.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function evaluatePolicy(document: unknown, arn: string): PolicyResult {
  if (!isRecord(document)) throw new TypeError('it has no policyDocument');
  const effects = [document.Statement].flat().map((statement) => effectOf(statement, arn));
  if (effects.includes('Deny')) return 'denied explicitly';
  return effects.includes('Allow') ? 'allowed' : 'denied';
}

/** `undefined` when the statement is about something else. */
function effectOf(statement: unknown, arn: string): 'Allow' | 'Deny' | undefined {
  if (!isRecord(statement)) throw new TypeError('its policyDocument has no Statement');
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new TypeError('the Effect of a statement is neither Allow nor Deny');
  }
  const actions = texts(statement, 'Action').map((action) => action.toLowerCase());
  const isMeant =
    actions.some((action) => matchesPattern(action, INVOKE.toLowerCase())) &&
    texts(statement, 'Resource').some((resource) => matchesPattern(resource, arn));
  return isMeant ? effect : undefined;
}

function texts(statement: Readonly<Record<string, unknown>>, key: string): string[] {
  const values = [statement[key]].flat();
  if (values.every((value) => typeof value === 'string')) return values;
  throw new TypeError(`the ${key} of a statement is neither text nor a list of texts`);
}
