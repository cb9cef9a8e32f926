import { attempt } from '../attempt.ts';
import type { AwsResources } from '../aws-resources.ts';
import type { DeclaredResources } from '../declared-resources.ts';
import { isRecord } from '../record.ts';
import type { Section } from '../section.ts';
import type { Permissions, PolicyStatement } from './declaration.ts';

export const NOTHING_ALLOWED: Permissions = { allowed: [], isComplete: true };
export const UNKNOWN_PERMISSIONS: Permissions = { allowed: [], isComplete: false };

/** Managed policies of AWS that functions often have, and that allow no sending. */
const HARMLESS =
  /(?:^|\/)(?:AWSLambda(?:BasicExecutionRole|VPCAccessExecutionRole|SQSQueueExecutionRole)|AWSXRayDaemonWriteAccess|CloudWatchLambdaInsightsExecutionRolePolicy)$/;

const RESOURCE_POLICIES = [
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::S3::BucketPolicy',
];

const list = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

export function join(parts: readonly Permissions[]): Permissions {
  return {
    allowed: parts.flatMap(({ allowed }) => allowed),
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}

/** Reads permissions; what only the deployment knows makes them incomplete. */
export function readPermissions(resources: AwsResources, read: () => Permissions): Permissions {
  const { value, isKnown } = resources.trace(() => attempt(read));
  if (value instanceof Error) return UNKNOWN_PERMISSIONS;
  return { ...value, isComplete: value.isComplete && isKnown };
}

/** The statements of a policy: a list, or one alone. */
export function ofStatements(statements: unknown): Permissions {
  return join(list(statements).map(ofStatement));
}

function ofStatement(statement: unknown): Permissions {
  if (!isRecord(statement)) return UNKNOWN_PERMISSIONS;
  const { Effect, Action, Resource } = statement;
  const isPlain = Effect === 'Allow' && Action !== undefined && Resource !== undefined;
  if (!isPlain) return UNKNOWN_PERMISSIONS;
  const resources = list(Resource);
  const allowed: PolicyStatement = {
    actions: list(Action).map(String),
    resources: resources.filter((resource) => typeof resource === 'string'),
  };
  return { allowed: [allowed], isComplete: allowed.resources.length === resources.length };
}

/** Managed policies by name or ARN. */
export function ofManagedPolicies(policies: readonly unknown[]): Permissions {
  const areHarmless = policies.every(
    (policy) => typeof policy === 'string' && HARMLESS.test(policy),
  );
  return areHarmless ? NOTHING_ALLOWED : UNKNOWN_PERMISSIONS;
}

/** A role that the project declares, by its ARN, name or logical id; all else is unknown. */
export function ofRole(role: unknown, declared: DeclaredResources): Permissions {
  const found = declared
    .entriesOfType('AWS::IAM::Role')
    .find(([id]) => [id, declared.valueOf(id), declared.valueOf(id, 'Arn')].includes(String(role)));
  if (!found) return UNKNOWN_PERMISSIONS;
  const [id, properties] = found;
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => declared.ofType(type))
    .filter((policy) =>
      policy.list('Roles').some((name) => name === id || name === declared.valueOf(id)),
    );
  return join([
    ...properties.items('Policies').map(documentOf),
    ofManagedPolicies(properties.list('ManagedPolicyArns')),
    ...attached.map(documentOf),
  ]);
}

const documentOf = (policy: Section): Permissions =>
  ofStatements(policy.section('PolicyDocument').get('Statement'));

/** Policies of queues, topics and buckets, which may allow what a role does not. */
export function ofResourcePolicies(declared: DeclaredResources): Permissions {
  const allowRoles = RESOURCE_POLICIES.flatMap((type) => declared.ofType(type))
    .flatMap((policy) => list(policy.section('PolicyDocument').get('Statement')))
    .filter(isRecord)
    .some(
      ({ Effect, Principal }) =>
        Effect === 'Allow' && (Principal === '*' || (isRecord(Principal) && 'AWS' in Principal)),
    );
  return allowRoles ? UNKNOWN_PERMISSIONS : NOTHING_ALLOWED;
}
