import { attempt } from '../attempt.ts';
import type { AwsResources } from '../aws-resources.ts';
import type { DeclaredResources } from '../declared-resources.ts';
import { EVENT_SOURCE_MAPPING } from '../event-source-mappings.ts';
import { functionArnOf, functionInArn } from '../lambda-arn.ts';
import type { LocalLayer } from '../layers.ts';
import type { Section } from '../section.ts';
import type { FunctionDeclaration, QueueDeclaration } from './declaration.ts';
import { readLayerDeclarations } from './layers.ts';
import { join, ofResourcePolicies, ofRole, readPermissions } from './permissions.ts';
import { readSetting, readVariables } from './settings.ts';

export interface CdkDeclarationContext {
  readonly name: string;
  /** In Lambda. */
  readonly functionName: string;
  /** Where its code is; undefined when it is not on this machine. */
  readonly code: string | undefined;
  readonly folder: string;
  readonly local: ReadonlyMap<string, LocalLayer>;
  readonly declared: DeclaredResources;
  readonly references: AwsResources;
}

/** What a template says about one `AWS::Lambda::Function`. */
export function declareCdkFunction(
  properties: Section,
  { name, functionName, code, folder, local, declared, references }: CdkDeclarationContext,
): FunctionDeclaration {
  const place = properties.place();
  return {
    name,
    place,
    isImage:
      properties.string('PackageType') === 'Image' || properties.section('Code').has('ImageUri'),
    handler: properties.string('Handler'),
    runtime: readSetting(references, () => properties.string('Runtime')),
    timeoutSeconds: readSetting(references, () => properties.integer('Timeout')),
    memoryMiB: readSetting(references, () => properties.integer('MemorySize')),
    code: properties.section('Code').has('ZipFile') ? undefined : code,
    // The app has done it.
    build: { bundles: 'nothing', entryPoints: [], addsFiles: false },
    layers: readLayerDeclarations({
      folder,
      local,
      resources: references,
      read: () => properties.list('Layers'),
      place,
    }),
    environment: readVariables(
      [properties.section('Environment').section('Variables')],
      references,
    ),
    permissions: readPermissions(references, () =>
      join([ofResourcePolicies(declared), ofRole(properties.get('Role'), declared)]),
    ),
    queues: references.silently(() => queuesOf(functionName, declared)),
  };
}

/** The queues that event source mappings give to a function. */
function queuesOf(functionName: string, declared: DeclaredResources): QueueDeclaration[] {
  return declared.ofType(EVENT_SOURCE_MAPPING).flatMap((mapping) => {
    const queueArn = attempt(() => mapping.string('EventSourceArn'));
    const name = attempt(() => mapping.string('FunctionName'));
    if (typeof queueArn !== 'string' || typeof name !== 'string') return [];
    if (!/^arn:[\w-]+:sqs:/.test(queueArn)) return [];
    if (functionInArn(functionArnOf(name)) !== functionName) return [];
    const types = mapping.list('FunctionResponseTypes');
    return [{ queueArn, reportsFailures: types.includes('ReportBatchItemFailures') }];
  });
}
