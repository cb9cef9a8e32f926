import { resolve } from 'node:path';
import type { AwsResources } from '../aws-resources.ts';
import type { DeclaredResources } from '../declared-resources.ts';
import type { LocalLayer } from '../layers.ts';
import type { QueueEventSource } from '../project.ts';
import { isRecord } from '../record.ts';
import { readSamBuild } from '../sam/build.ts';
import type { Section } from '../section.ts';
import type { FunctionDeclaration, Permissions } from './declaration.ts';
import { readLayerDeclarations } from './layers.ts';
import {
  join,
  NOTHING_ALLOWED,
  ofManagedPolicies,
  ofResourcePolicies,
  ofRole,
  ofStatements,
  readPermissions,
  UNKNOWN_PERMISSIONS,
} from './permissions.ts';
import { readSetting, readVariables } from './settings.ts';

export interface SamDeclarationContext {
  /** `Globals.Function`. */
  readonly globals: Section;
  readonly folder: string;
  readonly local: ReadonlyMap<string, LocalLayer>;
  readonly declared: DeclaredResources;
  readonly resources: AwsResources;
  readonly eventSources: readonly QueueEventSource[];
  /** The template has connectors, which grant permissions. */
  readonly hasConnectors: boolean;
}

/** What the template says about one `AWS::Serverless::Function`. */
export function declareSamFunction(
  name: string,
  resource: Section,
  context: SamDeclarationContext,
): FunctionDeclaration {
  const { globals, folder, local, resources, eventSources } = context;
  const own = resource.section('Properties');
  const owner = (key: string) => (own.has(key) ? own : globals);
  const inlineCode = own.has('InlineCode');
  const codeUri = owner('CodeUri').get('CodeUri') ?? '.';
  const isHere = !inlineCode && typeof codeUri === 'string' && !codeUri.startsWith('s3://');
  const code = isHere ? resolve(folder, codeUri) : undefined;
  const { bundling, entryPoints } = readSamBuild(resource, code ?? folder);
  const makes = resource.section('Metadata').string('BuildMethod') === 'makefile';
  return {
    name,
    place: resource.place(),
    isImage: owner('PackageType').string('PackageType') === 'Image',
    handler: owner('Handler').string('Handler'),
    runtime: readSetting(resources, () => owner('Runtime').string('Runtime')),
    timeoutSeconds: readSetting(resources, () => owner('Timeout').integer('Timeout')),
    memoryMiB: readSetting(resources, () => owner('MemorySize').megabytes('MemorySize')),
    code,
    build: {
      bundles: makes ? 'unknown' : bundling.bundlesJavaScript ? 'everything' : 'nothing',
      entryPoints,
      addsFiles: false,
    },
    layers: readLayerDeclarations({
      folder,
      local,
      resources,
      read: () => [globals, own].flatMap((section) => section.list('Layers')),
      place: owner('Layers').place('Layers'),
    }),
    environment: readVariables(
      [globals, own].map((section) => section.section('Environment').section('Variables')),
      resources,
    ),
    permissions: readPermissions(resources, () => permissionsOf(resource, context)),
    queues: eventSources.filter(({ functionName }) => functionName === name),
  };
}

/** SAM's templates of policies that matter here: the actions, and what their parameter makes of the resource. */
const POLICY_TEMPLATES: Readonly<Record<string, readonly [actions: string[], arn: string]>> = {
  SQSSendMessagePolicy: [['sqs:SendMessage'], 'arn:*:sqs:*:*:'],
  SNSPublishMessagePolicy: [['sns:Publish'], 'arn:*:sns:*:*:'],
  SNSCrudPolicy: [['sns:Publish'], 'arn:*:sns:*:*:'],
  EventBridgePutEventsPolicy: [['events:PutEvents'], 'arn:*:events:*:*:event-bus/'],
  LambdaInvokePolicy: [['lambda:InvokeFunction'], 'arn:*:lambda:*:*:function:'],
  DynamoDBReadPolicy: [['dynamodb:GetItem'], 'arn:*:dynamodb:*:*:table/'],
  DynamoDBCrudPolicy: [
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    'arn:*:dynamodb:*:*:table/',
  ],
  S3WritePolicy: [['s3:PutObject'], 'arn:*:s3:::'],
  S3CrudPolicy: [['s3:PutObject'], 'arn:*:s3:::'],
  S3FullAccessPolicy: [['s3:PutObject'], 'arn:*:s3:::'],
};

// What gives the role of a function permissions beside its `Policies`.
const GRANTING = ['DeadLetterQueue', 'EventInvokeConfig'];

function permissionsOf(
  resource: Section,
  { globals, declared, hasConnectors }: SamDeclarationContext,
): Permissions {
  const own = resource.section('Properties');
  const around = ofResourcePolicies(declared);
  const role = (own.has('Role') ? own : globals).get('Role');
  if (role !== undefined) return join([around, ofRole(role, declared)]);
  const grants =
    hasConnectors ||
    resource.has('Connectors') ||
    GRANTING.some((key) => own.has(key) || globals.has(key)) ||
    declared.ofType('AWS::IAM::Policy').length > 0;
  return join([
    around,
    grants ? UNKNOWN_PERMISSIONS : NOTHING_ALLOWED,
    ...own.list('Policies').map(ofPolicy),
  ]);
}

function ofPolicy(policy: unknown): Permissions {
  if (!isRecord(policy)) return ofManagedPolicies([policy]);
  if ('Statement' in policy) return ofStatements(policy.Statement);
  return join(
    Object.entries(policy).map(([name, parameters]) => {
      const [actions, arn] = POLICY_TEMPLATES[name] ?? [];
      if (actions === undefined) return NOTHING_ALLOWED;
      const [value] = Object.values(isRecord(parameters) ? parameters : {});
      const resources = [`${arn}${value}${arn === 'arn:*:s3:::' ? '/*' : ''}`];
      return { allowed: [{ actions, resources }], isComplete: true };
    }),
  );
}
