import { type DestinationTarget, SEND_ACTIONS, type Service } from '@async-http/client/protocol';
import type { Finding } from '../finding.ts';
import { allows } from './allows.ts';
import { permissionUnknown } from './permission-unknown.ts';
import type { Subject } from './subject.ts';

/** How the CDK allows what the role needs. */
const GRANTS: Readonly<Record<Service, string>> = {
  sqs: 'queue.grantSendMessages(fn)',
  sns: 'topic.grantPublish(fn)',
  events: 'bus.grantPutEventsTo(fn)',
  lambda: 'other.grantInvoke(fn)',
  s3: 'bucket.grantPut(fn)',
};

/** A key like those of records. */
const OBJECT = 'aws/lambda/async/function/2026/01/01/record';

/** The role may send where the variables say. */
export function checkPermissions(subject: Subject): Finding[] {
  const { settings, isWorker } = subject;
  const targets: readonly [string, DestinationTarget | undefined][] = [
    ['ASYNC_HTTP_ON_FAILURE', settings.onFailure],
    ['ASYNC_HTTP_ON_SUCCESS', settings.onSuccess],
    // A worker may have it too, and never uses it.
    ['ASYNC_HTTP_DELIVERY', isWorker ? undefined : settings.engine],
  ];
  return targets.flatMap(([variable, target]) =>
    target === undefined ? [] : checkTarget(variable, target, subject),
  );
}

function checkTarget(
  variable: string,
  { service, arn, name }: DestinationTarget,
  { declaration: { permissions, environment }, declarations: { tool }, resources }: Subject,
): Finding[] {
  if (environment[variable]?.value === undefined) return [];
  const action = SEND_ACTIONS[service];
  const resource = service === 's3' ? `${arn}/${OBJECT}` : arn;
  if (permissions.allowed.some((statement) => allows(statement, action, resource))) return [];
  if (!permissions.isComplete) return [permissionUnknown(action, name)];
  const label = resources.find((one) => one.arn === arn)?.label;
  const means =
    variable === 'ASYNC_HTTP_DELIVERY'
      ? 'every hand-off would be refused'
      : 'no record would get there';
  return [
    {
      code: 'ASYNC_HTTP_CHECK_PERMISSION',
      severity: 'error',
      problem: `${variable} is ${label ?? name}, but the role does not allow ${action} on it, so ${means}.`,
      advice:
        tool === 'cdk'
          ? `Grant it, e.g. ${GRANTS[service]}, or name the destination in the AsyncHttp construct of @async-http/cdk.`
          : `Add a statement to the role: Effect: Allow, Action: ${action}, Resource: ${resourceFor(service, label, arn)}`,
    },
  ];
}

/** The resource of a statement, as templates write it. */
function resourceFor(service: Service, label: string | undefined, arn: string): string {
  if (service === 's3') return label === undefined ? `${arn}/*` : `!Sub \${${label}.Arn}/*`;
  if (label === undefined) return arn;
  return service === 'sns' ? `!Ref ${label}` : `!GetAtt ${label}.Arn`;
}
